package sandbox

import (
	"net/http"
	"strconv"
)

// Handler is the whole sandbox: the APIs of all providers side by side, the controls
// under /sandbox/, and the pages.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", s.createTwilio)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages.json", s.listTwilio)
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}/Messages/{file}", s.fetchTwilio)
	mux.HandleFunc("GET /v2/PhoneNumbers/{phone}", s.lookUpTwilio)

	mux.HandleFunc("POST /sms/3/messages", s.sendInfobip)
	mux.HandleFunc("GET /sms/3/logs", s.logsInfobip)
	mux.HandleFunc("GET /sms/3/reports", s.reportsInfobip)

	mux.HandleFunc("POST /v1.0/message", s.sendCM)

	mux.HandleFunc("POST /v2/messages", s.sendTelnyx)
	mux.HandleFunc("GET /v2/messages/{id}", s.fetchTelnyx)

	mux.HandleFunc("GET /sandbox/record", s.writeRecord)
	mux.HandleFunc("GET /sandbox/stats", s.writeStats)
	mux.HandleFunc("GET /sandbox/faults", s.writeFaults)
	mux.HandleFunc("PUT /sandbox/faults", s.putFaults)
	mux.HandleFunc("PUT /sandbox/numbers/{phone}", s.putNumber)
	mux.HandleFunc("GET /sandbox/telnyx-public-key", s.writeTelnyxKey)
	mux.HandleFunc("POST /sandbox/callbacks/{switch}", s.switchCallbacks)
	mux.HandleFunc("PUT /sandbox/shops/{name}", s.putShop)
	mux.HandleFunc("GET /sandbox/advertiser/books", s.writeBooks)

	mux.HandleFunc("GET /shop/{name}", s.shopPage)
	mux.HandleFunc("POST /shop/{name}", s.postPurchase)

	mux.HandleFunc("GET /{$}", s.phonesPage)
	mux.HandleFunc("GET /phones/{phone}", s.phonePage)
	mux.HandleFunc("POST /phones/{phone}", s.postReply)
	mux.HandleFunc("GET /phones.json", s.phonesJSON)
	mux.HandleFunc("GET /phones/{phone}/lines.json", s.linesJSON)
	mux.HandleFunc("GET /assets/{file}", asset)
	return mux
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
