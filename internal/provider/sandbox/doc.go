// Package sandbox is a stand-in for the providers: a server that speaks the HTTP APIs of
// Twilio, Infobip, CM and Telnyx, calls back with their webhooks, misbehaves on demand,
// remembers exactly what it accepted, and has people who click, buy and reply, machines
// that fetch their links, and advertisers with shops and books of their own. No text leaves
// the machine. It is not an adapter (the adapters talk to it), and it knows nothing of
// our database.
package sandbox
