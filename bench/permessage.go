package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"trackly/internal/provider"
	"trackly/models"
)

const (
	queueBench = "bench"
	window     = 200
)

// activityPerMessage compares our campaign with the usual way to write it: the same
// engine, store and adapter, but an activity for each message.
func activityPerMessage(ctx context.Context, m *machine) (r Result, err error) {
	ours, err := m.crowd(ctx, "twilio", m.size(50_000))
	if err != nil {
		return r, err
	}
	theirs, err := m.crowd(ctx, "twilio", 1000)
	if err != nil {
		return r, err
	}
	if err := m.warmUp(ctx); err != nil {
		return r, err
	}
	engine, err := client.DialContext(ctx, client.Options{
		HostPort: m.orders.settings().Temporal.Address, Logger: sdklog.NewStructuredLogger(m.log),
	})
	if err != nil {
		return r, err
	}
	defer engine.Close()
	r, err = alternate(ctx, m.o.rounds,
		func(ctx context.Context) (float64, error) { return m.sendCampaign(ctx, ours) },
		func(ctx context.Context) (float64, error) { return m.sendOneByOne(ctx, engine, theirs) })
	r.Unit, r.Want = "messages/s", ">= 20"
	r.BaselineIs = fmt.Sprintf("the same engine, store, adapter and sandbox with one activity a message (claim, send, settle), %d at once, %d messages; "+
		"its texts are rendered and its audience is frozen beforehand", window, theirs.n)
	return r, err
}

// single hands messages over one at a time.
type single struct {
	m      *machine
	p      people
	sender provider.Sender
	texts  map[models.MessageID]waitingText
}

type waitingText struct {
	models.Text
	batch  models.Batch
	holder string
}

// Send is the activity.
func (s *single) Send(ctx context.Context, id models.MessageID) (models.MessageState, error) {
	t := s.texts[id]
	got, err := s.m.app.Store.ClaimMessages(ctx, models.Claim{Batch: t.batch, Holder: t.holder, Route: 1, Texts: []models.Text{t.Text}})
	if err != nil || len(got) != 1 {
		return "", err
	}
	a := s.sender.Send(ctx, []provider.Outgoing{{MessageID: int64(id), To: t.Phone, Body: t.Body}})[0]
	o := models.Outcome{MessageID: id, State: models.MessageSent, ProviderID: a.ProviderID}
	if !a.Accepted() {
		o.State, o.Reason = models.MessageFailed, string(a.Class)
	}
	return o.State, s.m.app.Store.SettleMessages(ctx, s.p.account, []models.Outcome{o})
}

// oneByOne is the workflow: windows of activities, one for each message.
func oneByOne(ctx workflow.Context, ids []models.MessageID) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	for len(ids) > 0 {
		n := min(window, len(ids))
		running := make([]workflow.Future, n)
		for i, id := range ids[:n] {
			running[i] = workflow.ExecuteActivity(ctx, "Send", id)
		}
		for _, f := range running {
			if err := f.Get(ctx, nil); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// sendOneByOne gives messages a second, from the start of the workflow to the last
// acceptance.
func (m *machine) sendOneByOne(ctx context.Context, engine client.Client, p people) (float64, error) {
	s, ids, err := m.prepareSingles(ctx, p)
	if err != nil {
		return 0, err
	}
	w := worker.New(engine, queueBench, worker.Options{
		MaxConcurrentActivityExecutionSize: window, MaxConcurrentActivityTaskPollers: 4, MaxConcurrentWorkflowTaskPollers: 8,
	})
	w.RegisterWorkflow(oneByOne)
	w.RegisterActivity(s)
	if err := w.Start(); err != nil {
		return 0, err
	}
	defer sync.OnceFunc(w.Stop)()
	var took time.Duration
	err = m.withSandbox(ctx, func(box *child) error {
		began := time.Now()
		run, err := engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: queueBench}, oneByOne, ids)
		if err != nil {
			return err
		}
		if err := run.Get(ctx, nil); err != nil {
			return err
		}
		last, err := box.awaitTexts(ctx, int64(len(ids)))
		took = last.Sub(began)
		return err
	})
	return float64(len(ids)) / took.Seconds(), err
}

// prepareSingles freezes a campaign and takes its batches, so that no keeper starts a
// workflow of ours for it before the last message went out.
func (m *machine) prepareSingles(ctx context.Context, p people) (*single, []models.MessageID, error) {
	c, err := m.draft(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	// Launched in the future: the keeper looks after campaigns launched in the past.
	later := time.Now().Add(time.Hour)
	if _, err := m.app.Store.LaunchCampaign(ctx, p.account, c.ID, nil, later); err != nil {
		return nil, nil, err
	}
	_, batches, err := m.app.Store.Freeze(ctx, p.account, c.ID, later)
	if err != nil {
		return nil, nil, err
	}
	dialer, err := m.app.Providers.Dialer(p.route().Provider)
	if err != nil {
		return nil, nil, err
	}
	s := &single{
		m: m, p: p, sender: dialer.Dial(m.app.Door.AccountOf(p.route(), models.Credentials{Token: token})),
		texts: map[models.MessageID]waitingText{},
	}
	var ids []models.MessageID
	for number := range batches {
		batch, texts, holder, err := m.takeTexts(ctx, c, number)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range texts {
			s.texts[t.MessageID] = waitingText{Text: t, batch: batch, holder: holder}
			ids = append(ids, t.MessageID)
		}
	}
	return s, ids, nil
}
