package sandbox

import (
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

//go:embed pages
var files embed.FS

// phonesShown is how many phones the list has at most.
const phonesShown = 200

// phoneView is one phone in the list.
type phoneView struct {
	Phone  string    `json:"phone"`
	Number string    `json:"number"`
	Via    string    `json:"provider,omitempty"` // that carried a text; empty for a person's own words
	Body   string    `json:"body"`
	Status string    `json:"status"` // "reply" for a person's own words
	At     time.Time `json:"at"`
	Count  int       `json:"count"`
	Mine   bool      `json:"mine"` // the person said it
	Stop   bool      `json:"stop"`
}

// lineView is one bubble of a conversation.
type lineView struct {
	Number string     `json:"number"`
	Via    string     `json:"provider,omitempty"`
	Pieces []pieceOut `json:"pieces"`
	Status string     `json:"status"`
	Code   int        `json:"code,omitempty"`
	At     time.Time  `json:"at"`
	Mine   bool       `json:"mine"`
}

// pieceOut is a stretch of a text, with an address when it is a link.
type pieceOut struct {
	Text string `json:"text"`
	Link string `json:"link,omitempty"`
}

func (s *Sandbox) phonesPage(w http.ResponseWriter, _ *http.Request) {
	render(w, "pages/phones.html", nil)
}

func (s *Sandbox) phonePage(w http.ResponseWriter, r *http.Request) {
	render(w, "pages/phone.html", r.PathValue("phone"))
}

func render(w http.ResponseWriter, file string, data any) {
	page, err := template.ParseFS(files, file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, data) // the reader has gone
}

// asset handles GET /assets/{file}.
func asset(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "pages/"+r.PathValue("file")) //nolint:gosec // an embedded folder; it knows no way out
}

// phonesJSON handles GET /phones.json?q=: phones with the newest texts first.
func (s *Sandbox) phonesJSON(w http.ResponseWriter, r *http.Request) {
	encode(w, s.book.phones(r.URL.Query().Get("q")))
}

// linesJSON handles GET /phones/{phone}/lines.json.
func (s *Sandbox) linesJSON(w http.ResponseWriter, r *http.Request) {
	encode(w, s.conversation(r.PathValue("phone")))
}

func (s *Sandbox) conversation(phone string) []lineView {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	out := []lineView{}
	for _, l := range s.book.byPhone[phone] {
		out = append(out, s.bubble(l))
	}
	return out
}

// postReply handles POST /phones/{phone}: the person texts a number.
func (s *Sandbox) postReply(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	number, body := r.PostFormValue("number"), r.PostFormValue("body")
	if body == "" || utf8.RuneCountInString(body) > 1600 {
		http.Error(w, "a text has 1 to 1600 characters", http.StatusUnprocessableEntity)
		return
	}
	_, err := s.Reply(r.PathValue("phone"), number, body)
	answer(w, err)
}

func (s *Sandbox) bubble(l line) lineView {
	if l.reply != nil {
		return lineView{Number: l.reply.Number, Pieces: s.pieces(l.reply.Body), Status: "reply", At: l.reply.At, Mine: true}
	}
	t := l.text
	return lineView{Number: t.From, Via: t.Provider, Pieces: s.pieces(t.Body), Status: t.status, Code: t.code, At: t.At}
}

// pieces cuts a text at its links.
func (s *Sandbox) pieces(body string) []pieceOut {
	var out []pieceOut
	for _, link := range linksIn(body) {
		shown := strings.TrimPrefix(link, "http://")
		if strings.Contains(body, link) {
			shown = link
		}
		before, after, found := strings.Cut(body, shown)
		if !found {
			continue
		}
		_, address := s.resolve(link)
		out, body = append(out, pieceOut{Text: before}, pieceOut{Text: shown, Link: address}), after
	}
	return append(out, pieceOut{Text: body})
}

// phones lists the phones whose number contains query, those with news first.
func (b *book) phones(query string) []phoneView {
	query = strings.TrimSpace(query)
	b.mu.RLock()
	defer b.mu.RUnlock()
	seen, out := map[string]bool{}, []phoneView{}
	show := func(phone string) bool {
		if !seen[phone] && strings.Contains(phone, query) {
			seen[phone] = true
			out = append(out, b.phoneView(phone))
		}
		return len(out) < phonesShown
	}
	for _, phone := range slices.Backward(b.recent) {
		if !show(phone) {
			return out
		}
	}
	if query != "" {
		for phone := range b.byPhone {
			if !show(phone) {
				break
			}
		}
	}
	return out
}

func (b *book) phoneView(phone string) phoneView {
	lines := b.byPhone[phone]
	v := phoneView{Phone: phone, Count: len(lines)}
	if last := lines[len(lines)-1]; last.reply != nil {
		v.Number, v.Body, v.At, v.Status, v.Mine = last.reply.Number, last.reply.Body, last.reply.At, "reply", true
	} else {
		v.Number, v.Body, v.At, v.Status = last.text.From, last.text.Body, last.text.At, last.text.status
		v.Via = last.text.Provider
	}
	v.Stop = b.blocked[pair{phone, v.Number}]
	return v
}
