package sandbox

import (
	"crypto/subtle"
	"net/http"
	"strconv"
)

// Handler is the whole sandbox: Twilio's API, the controls under /sandbox/, and the
// pages.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", s.create)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages.json", s.list)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{file}", s.fetch)

	mux.HandleFunc("GET /sandbox/record", s.writeRecord)
	mux.HandleFunc("GET /sandbox/stats", s.writeStats)
	mux.HandleFunc("GET /sandbox/faults", s.writeFaults)
	mux.HandleFunc("PUT /sandbox/faults", s.putFaults)
	mux.HandleFunc("PUT /sandbox/numbers/{phone}", s.putNumber)
	mux.HandleFunc("POST /sandbox/callbacks/{switch}", s.switchCallbacks)

	mux.HandleFunc("GET /{$}", s.phonesPage)
	mux.HandleFunc("GET /phones/{phone}", s.phonePage)
	mux.HandleFunc("POST /phones/{phone}", s.postReply)
	mux.HandleFunc("GET /phones.json", s.phonesJSON)
	mux.HandleFunc("GET /phones/{phone}/lines.json", s.linesJSON)
	mux.HandleFunc("GET /assets/{file}", asset)
	return mux
}

// login checks basic authentication for the account in the path and gives the token,
// or answers as Twilio does.
func (s *Sandbox) login(w http.ResponseWriter, r *http.Request) (token string, ok bool) {
	_, token, ok = r.BasicAuth()
	if want, known := s.o.Accounts[r.PathValue("account")]; s.o.Accounts != nil {
		ok = ok && known && subtle.ConstantTimeCompare([]byte(want), []byte(token)) == 1
	}
	if !ok {
		refuse(w, http.StatusUnauthorized, 20003, "Authenticate")
	}
	return token, ok
}

// refuse writes an error the way Twilio does.
func refuse(w http.ResponseWriter, status, code int, message string) {
	n := strconv.Itoa(code)
	b := append([]byte(`{"code":`), n...)
	b = append(b, `,"message":`...)
	b = appendString(b, message)
	b = append(b, `,"more_info":"https://www.twilio.com/docs/errors/`...)
	b = append(b, n...)
	b = append(b, `","status":`...)
	b = strconv.AppendInt(b, int64(status), 10)
	writeJSON(w, status, append(b, '}'))
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // JSON, and the caller has gone; there is nobody to tell
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2: there is no connection of our own to close
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = conn.Close() // closing badly is the point
}
