package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"trackly/models"
)

const (
	apiPatience = 60 * time.Second // longer than anything stays down
	apiPause    = 200 * time.Millisecond
)

// client speaks the public API as a careful customer's program does: a request that
// was not answered is sent again under the same idempotency key.
type client struct {
	base, key string
	http      *http.Client
}

// refused is an answer that trying again would not change.
type refused struct {
	status int
	text   string
}

// Error implements error.
func (r *refused) Error() string { return fmt.Sprintf("the API answered %d: %s", r.status, r.text) }

func (c client) post(ctx context.Context, path string, in, out any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.send(ctx, http.MethodPost, path, "application/json", raw, out)
}

func (c client) patch(ctx context.Context, path string, in any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.send(ctx, http.MethodPatch, path, "application/json", raw, nil)
}

func (c client) send(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	once := models.NewID[string]()
	return patiently(ctx, apiPatience, apiPause, func(ctx context.Context) (bool, error) {
		err := c.try(ctx, request{method, path, contentType, once, bytes.NewReader(body), len(body)}, out)
		var no *refused
		return err == nil || errors.As(err, &no), err
	})
}

// request is one try.
type request struct {
	method, path, kind, once string
	body                     io.Reader
	size                     int
}

func (c client) try(ctx context.Context, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, c.base+r.path, r.body)
	if err != nil {
		return err
	}
	req.ContentLength = int64(r.size)
	req.Header.Set("Authorization", "Bearer "+c.key)
	if r.once != "" {
		req.Header.Set("Content-Type", r.kind)
		req.Header.Set("Idempotency-Key", r.once)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case err != nil:
		return err
	case res.StatusCode >= http.StatusInternalServerError || res.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("the API answered %d", res.StatusCode)
	case res.StatusCode >= http.StatusBadRequest:
		return &refused{res.StatusCode, string(raw)}
	case out == nil || len(raw) == 0:
		return nil
	}
	return json.Unmarshal(raw, out)
}

// ready waits until the API says that it can serve.
func (c client) ready(ctx context.Context) error {
	return patiently(ctx, apiPatience, 50*time.Millisecond, func(ctx context.Context) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/readyz", nil) //nolint:gosec // our own process
		if err != nil {
			return true, err
		}
		res, err := c.http.Do(req) //nolint:gosec // our own process
		if err != nil {
			return false, err
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return false, fmt.Errorf("the product is not ready: %d", res.StatusCode)
		}
		return true, nil
	})
}

// patiently tries until it is done, when the error of that try counts, or until the
// patience ends.
func patiently(ctx context.Context, patience, every time.Duration, try func(context.Context) (done bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		done, err := try(ctx)
		if done {
			return err
		}
		if late := pause(ctx, every); late != nil {
			return errors.Join(err, late)
		}
	}
}
