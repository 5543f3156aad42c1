package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
)

const (
	mostAnswer = 8 << 20
	mostLists  = 200 // pages
)

// apiClient speaks the public API and nothing else.
type apiClient struct{ base, key string }

func (c apiClient) post(ctx context.Context, path string, in, out any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPost, path, "application/json", bytes.NewReader(raw), out)
}

func (c apiClient) get(ctx context.Context, path string, out any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, out)
}

func (c apiClient) do(ctx context.Context, method, path, kind string, body io.Reader, out any) error {
	res, err := c.send(ctx, method, path, kind, body)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(io.LimitReader(res.Body, mostAnswer)).Decode(out); err != nil {
		return fault.Wrap(err, fault.Broken, "the answer of %s cannot be read; is it Trackly's API?", c.base)
	}
	return nil
}

// send gives the answer to a request that was accepted. The caller closes its body.
func (c apiClient) send(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the address of the API is no URL")
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Wrap(err, fault.Broken, "the API does not answer")
	}
	if res.StatusCode >= http.StatusBadRequest {
		defer func() { _ = res.Body.Close() }()
		return nil, refusalOf(res)
	}
	return res, nil
}

// refusalOf puts a problem of the API in lines: everything that is wrong, at once.
func refusalOf(res *http.Response) error {
	var p struct {
		Detail string `json:"detail"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, mostAnswer)).Decode(&p); err != nil || p.Detail == "" {
		return fmt.Errorf("the API answers %s", res.Status)
	}
	says := []string{p.Detail}
	for _, e := range p.Errors {
		says = append(says, "  "+e.Location+": "+e.Message)
	}
	return fmt.Errorf("%s", harmless(strings.Join(says, "\n")))
}

// listNamed finds a list by its id or its name.
func (c apiClient) listNamed(ctx context.Context, name string) (id string, err error) {
	if models.IsID(models.ListID(name)) {
		return name, nil
	}
	cursor := ""
	for range mostLists {
		var page struct {
			Items []struct{ ID, Name string } `json:"items"`
			Next  string                      `json:"next_cursor"`
		}
		if err := c.get(ctx, "/v1/lists?limit=200&cursor="+url.QueryEscape(cursor), &page); err != nil {
			return "", err
		}
		for _, l := range page.Items {
			if l.Name != name {
				continue
			}
			if id != "" {
				return "", fault.New(fault.Invalid, "several lists are called %q; give the id of one", name)
			}
			id = l.ID
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if id == "" {
		return "", fault.New(fault.NotFound, "no list has the id or the name %q", name)
	}
	return id, nil
}

// harmless keeps foreign text from steering the terminal.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
			return '\uFFFD'
		}
		return r
	}, s)
}
