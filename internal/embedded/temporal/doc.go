// Package temporal runs a whole Temporal server (frontend, history, matching, worker)
// and its web UI inside this process: on a Postgres database for the one-machine
// product, in memory for tests.
//
// It is not a client and knows no workflow of ours. It is one process for ever: a
// cluster of several needs Temporal's own deployment, and the product then only
// dials it.
package temporal
