package activities

import (
	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/merge"
	"trackly/rules/segment"
	"trackly/rules/shortcode"
)

// writer makes the texts of one campaign.
type writer struct {
	list      models.List
	templates map[int]merge.Template // by variant
	codes     *shortcode.Codec
	linkURL   string
	domain    models.DomainID // that linkURL is of, if it is one of the list's
	buf       []byte
}

func newWriter(h models.Handover, codes *shortcode.Codec, publicURL string) (*writer, error) {
	w := &writer{templates: map[int]merge.Template{}, list: h.List, codes: codes}
	w.linkURL, w.domain = h.LinkBase(publicURL)
	for variant, c := range h.Creatives {
		t, err := merge.Parse(c.Body)
		if err != nil {
			return nil, err
		}
		w.templates[variant] = t
	}
	return w, nil
}

// write fills in the text of a message: what a single one says already, and otherwise
// what its variant's creative says to this contact.
func (w *writer) write(q models.QueuedMessage, text *models.Text) error {
	text.Body = q.Body
	if q.Kind == models.KindCampaign {
		t, ok := w.templates[q.Variant]
		if !ok {
			return fault.New(fault.Internal, "message %d has variant %d, which the campaign does not", q.ID, q.Variant)
		}
		var failed error
		w.buf, _ = t.Render(w.buf[:0], func(name string) (string, bool) {
			if name == "brand_name" {
				return w.list.Brand, w.list.Brand != ""
			}
			return q.Value(name)
		}, func(n int) string {
			code, err := w.codes.Encode(int64(q.ID), n)
			if err != nil {
				failed = err
			}
			text.Linked = true
			return w.linkURL + "/" + code
		})
		if failed != nil {
			return failed
		}
		text.Body = w.list.Dress(string(w.buf))
	}
	text.Count = segment.Of(text.Body)
	return nil
}
