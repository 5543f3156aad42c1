package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"trackly/config"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/internal/provider/twilio"
	"trackly/models"
	"trackly/rules/landing"
	"trackly/rules/price"
	"trackly/rules/shortcode"
)

// naive answers what the product answers the way one would write it first: a statement
// for each thing, each in its own transaction.
type naive struct {
	o       orders
	pool    *pgxpool.Pool
	codes   *shortcode.Codec
	adapter provider.Adapter
}

func serveBaseline(ctx context.Context, o orders) error {
	cfg, err := pgxpool.ParseConfig(o.DatabaseURL)
	if err != nil {
		return err
	}
	cfg.MaxConns = poolSize
	// A table made for this would have no trigger that counts batches.
	cfg.ConnConfig.RuntimeParams["session_replication_role"] = "replica"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	adapter, err := o.adapter()
	if err != nil {
		return err
	}
	n := &naive{o: o, pool: pool, adapter: adapter}
	key, err := config.Secret(o.Links).Bytes()
	if err != nil {
		return err
	}
	if n.codes, err = shortcode.New(key); err != nil {
		return err
	}
	e := echo.New()
	e.GET("/:code", n.click)
	e.POST("/webhooks/twilio/:route/:secret/status", n.status)
	e.GET("/postback/:secret", n.postback)
	e.GET("/bare/:code", func(c echo.Context) error { return c.Redirect(http.StatusFound, "https://offer.example/x?click_id=1") })
	var g errgroup.Group
	g.Go(func() error { return serve(ctx, o.Listen, e) })
	g.Go(func() error { return serve(ctx, o.Control, control(pool.Ping)) })
	return g.Wait()
}

func (o orders) adapter() (provider.Adapter, error) {
	key, err := o.settings().Keys.Derive("webhooks")
	if err != nil {
		return nil, err
	}
	r := models.Route{ID: models.RouteID(o.List.Route), Provider: "twilio", SID: o.List.SID, Phone: o.List.Phone}
	door := handover.Door{PublicURL: o.PublicURL, Key: key}
	return twilio.Dialer{}.Dial(door.AccountOf(r, models.Credentials{Token: o.List.Token})), nil
}

func (n *naive) click(c echo.Context) error {
	ctx := c.Request().Context()
	message, link, ok := n.codes.Decode(c.Param("code"))
	if !ok {
		return echo.ErrNotFound
	}
	var account, target string
	err := n.pool.QueryRow(ctx, `SELECT m.account_id::text, o.url FROM messages m
		JOIN variants v ON v.campaign_id = m.campaign_id AND v.number = m.variant
		JOIN creative_links l ON l.creative_id = v.creative_id AND l.number = $2
		JOIN offers o ON o.id = l.offer_id
		WHERE m.id = $1`, message, link).Scan(&account, &target)
	if err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7()).String()
	_, err = n.pool.Exec(ctx, `INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, account, message, link, c.RealIP(), c.Request().UserAgent(), time.Now())
	if err != nil {
		return err
	}
	location, _ := landing.Expand(target, landing.Values{ClickID: id, MessageID: strconv.FormatInt(message, 10), ClickParameter: "click_id"})
	return c.Redirect(http.StatusFound, location)
}

func (n *naive) status(c echo.Context) error {
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	reports, err := n.adapter.Status(provider.Webhook{URL: n.o.PublicURL + r.RequestURI, Header: r.Header, Body: body, Now: time.Now()})
	if err != nil || len(reports) != 1 {
		return echo.NewHTTPError(http.StatusUnauthorized, fmt.Sprintf("%d reports, %v", len(reports), err))
	}
	o, _ := handover.OutcomeOf(reports[0])
	_, err = n.pool.Exec(r.Context(), `UPDATE messages
		SET state = $3, reason = $4, provider_code = $5, provider_id = $6, finished_at = now()
		WHERE id = $1 AND account_id = $2 AND state IN ('queued', 'claimed', 'unknown', 'sent')`,
		o.MessageID, n.o.List.AccountID, o.State, o.Reason, o.ProviderCode, o.ProviderID)
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// postback knows its offer by heart, credits nobody and counts nothing.
func (n *naive) postback(c echo.Context) error {
	if c.Param("secret") != n.o.List.Secret {
		return echo.ErrNotFound
	}
	amount, err := price.Parse(c.QueryParam("amount"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	_, err = n.pool.Exec(c.Request().Context(), `INSERT INTO conversions
			(id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, click_id, state)
		VALUES ($1, $2, $3, $4, $5, 'postback', $6, $7, 'USD', $8, $7, $9, 'unmatched')`,
		uuid.Must(uuid.NewV7()).String(), n.o.List.AccountID, n.o.List.Offer, c.QueryParam("event"), c.QueryParam("transaction_id"),
		time.Now(), amount, price.Unit, c.QueryParam("click_id"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"result": "recorded"})
}
