// Package sandbox is a stand-in for Twilio: a server that speaks its HTTP API, calls
// back with signed webhooks, misbehaves on demand, remembers exactly what it accepted,
// and has people who click and reply. No text leaves the machine. It is not an adapter
// (the twilio adapter talks to it), and it knows nothing of our database.
package sandbox
