package models

// Once makes a request that creates something safe to repeat: the second request with
// the same key and content gets the first one's result. An empty key means the caller
// did not ask for it.
type Once struct {
	Key         string
	RequestHash []byte // SHA-256 of method, path and body
}
