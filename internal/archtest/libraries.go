package archtest

// library is an import with owners: nobody else may use it, so that replacing it is
// work in one place.
type library struct {
	path   string
	owners []string
}

func libraries() []library {
	return []library{
		{"gorm.io", []string{"internal/store"}},
		{"github.com/pressly/goose", []string{"internal/store"}},
		{"github.com/jackc", []string{"internal/store", "internal/embedded", "internal/testkit", "bench", "drill"}},
		{"database/sql", []string{"internal/store", "models"}}, // models: Scan and Value of a column's type
		{"github.com/labstack/echo", []string{"api", "bench"}}, // bench: the bare server it measures against
		{"github.com/danielgtaylor/huma", []string{"api"}},
		{"github.com/swaggo", []string{"api"}},
		{"github.com/spf13/viper", []string{"config"}},
		{"github.com/spf13/cobra", []string{"cmd"}},
		{"github.com/twilio", []string{"internal/provider/twilio"}},
		// workers: registering a workflow under its name takes a type of the package.
		// bench: the design we did not take, a workflow per message, is a baseline.
		{"go.temporal.io/sdk/workflow", []string{"workflows", "workers", "bench"}},
		{"go.temporal.io/sdk/client", []string{"internal/engine", "workers", "internal/app", "internal/embedded", "bench", "drill"}},
		{"go.temporal.io/sdk/worker", []string{"workers", "internal/app", "bench"}},
		{"go.temporal.io/sdk/activity", []string{"activities", "workers"}},
		{"go.temporal.io/server", []string{"internal/embedded"}},
		{"github.com/temporalio/ui-server", []string{"internal/embedded"}},
		{"github.com/nyaruka/phonenumbers", []string{"rules/phone"}},
		{"time/tzdata", []string{"cmd", "bench", "drill"}}, // zone data belongs to binaries
	}
}

// impure are packages of the standard library that a rule could only need to look at,
// or change, the world.
func impure() []string {
	return []string{
		"crypto/rand", "database/sql", "log", "net/http", "os", "plugin", "runtime/debug", "syscall", "testing", "time/tzdata", "unsafe",
	}
}

// badNames of folders say nothing about what lies in them, so everything ends up there.
func badNames() []string {
	return []string{"utils", "util", "common", "helpers", "shared", "types", "services"}
}
