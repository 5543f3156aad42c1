// Package postgres runs a PostgreSQL server beside this process, in a folder of its
// own, from the binaries that the machine's package manager installed. It makes the
// cluster, starts it, adopts it when an earlier run was killed, and stops it.
//
// It is not a database driver, it never looks into a table, and it is no substitute
// for a server that somebody operates: production with more than one machine points
// the product at such a server instead.
package postgres
