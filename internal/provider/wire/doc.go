// Package wire is the HTTP the adapters have in common: one client that never sends a
// POST twice, calls that know whether anything left this machine, and what an answer
// that is no success means. It knows no provider's format.
package wire
