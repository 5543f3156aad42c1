// Package archtest holds the plan of the house: which room may import which, who owns
// a library, how long a file may grow. Its test reads every Go file of the module.
//
// It parses the files itself: a test that asks the go command is cached and misses new
// violations. It is not a linter of style, and nothing imports it.
package archtest
