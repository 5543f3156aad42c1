// Package testkit gives a test a real Postgres database of its own, migrated, in the
// time of a copy. The server behind it is shared by all test binaries of a user and
// outlives them; scripts/stop-test-postgres.sh ends it.
//
// It holds no fixtures of a noun and no fakes: those belong to the tests that need
// them. Production code must not import it. It does not start Temporal, whose server
// would slow the linking of every test binary down.
package testkit
