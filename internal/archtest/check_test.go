package archtest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func importing(name string, paths ...string) source {
	var b strings.Builder
	b.WriteString("package x\n")
	for _, p := range paths {
		b.WriteString("import _ \"" + p + "\"\n")
	}
	return source{name: name, text: b.String()}
}

func long(lines int) string {
	return "package x\n\nfunc f() {\n" + strings.Repeat("\tf()\n", lines) + "}\n"
}

func TestEveryGuardFires(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file source
		want string
	}{
		"a rule that reads the store":            {importing("rules/price/x.go", "trackly/internal/store"), "computed from its arguments"},
		"a rule that opens files":                {importing("rules/price/x.go", "os"), "computed from its arguments"},
		"a rule that runs programs":              {importing("rules/price/x.go", "os/exec"), "computed from its arguments"},
		"a rule with zone data":                  {importing("rules/quiethours/x.go", "time/tzdata"), "belongs to cmd"},
		"a model that knows its table's library": {importing("models/x.go", "gorm.io/gorm"), "belongs to internal/store"},
		"a model that asks the store":            {importing("models/x.go", "trackly/internal/store"), "never where it is stored"},
		"a workflow that calls a provider":       {importing("workflows/x.go", "trackly/internal/provider"), "names activities"},
		"an activity with the whole store":       {importing("activities/x.go", "trackly/internal/store"), "small interface"},
		"an activity that starts workflows":      {importing("activities/x.go", "trackly/internal/engine"), "small interface"},
		"a handler with the whole store":         {importing("api/x.go", "trackly/internal/store"), "small interfaces"},
		"a handler that runs SQL":                {importing("api/x.go", "github.com/jackc/pgx/v5"), "belongs to internal/store"},
		"a worker that sends":                    {importing("workers/x.go", "trackly/internal/provider"), "do not act"},
		"a store that starts workflows":          {importing("internal/store/x.go", "trackly/workflows"), "decides nothing"},
		"a store that serves HTTP":               {importing("internal/store/x.go", "github.com/labstack/echo/v4"), "belongs to api"},
		"an adapter that reads models":           {importing("internal/provider/twilio/x.go", "trackly/models"), "knows its provider only"},
		"one provider's library in another":      {importing("internal/provider/cm/x.go", "github.com/twilio/twilio-go"), "belongs to internal/provider/twilio"},
		"a network that books":                   {importing("internal/network/x.go", "trackly/internal/store"), "knows no books"},
		"a check that reads the store":           {importing("internal/linkcheck/x.go", "trackly/internal/store"), "knows no store"},
		"fault with a dependency":                {importing("internal/fault/x.go", "trackly/models"), "everybody imports fault"},
		"production code with testkit":           {importing("internal/app/x.go", "trackly/internal/testkit"), "composition root"},
		"the lean binary with a server":          {importing("cmd/trackly/x.go", "trackly/internal/embedded/temporal"), "carries no server"},
		"testkit with the slow link":             {importing("internal/testkit/x.go", "trackly/internal/embedded/temporal"), "10 seconds"},
		"Temporal's server outside its room":     {importing("internal/app/x.go", "go.temporal.io/server/temporal"), "belongs to internal/embedded"},
		"workflow code in an activity":           {importing("activities/x.go", "go.temporal.io/sdk/workflow"), "belongs to workflows"},
		"a client in a handler":                  {importing("api/x.go", "go.temporal.io/sdk/client"), "belongs to internal/engine"},
		"settings read outside config":           {importing("internal/app/x.go", "github.com/spf13/viper"), "belongs to config"},
		"commands outside cmd":                   {importing("internal/app/x.go", "github.com/spf13/cobra"), "belongs to cmd"},
		"a room nobody planned":                  {importing("internal/magic/x.go"), "not on the plan"},
		"a folder for anything":                  {importing("internal/store/helpers/x.go"), "no folder is called helpers"},
		"a file that goes on and on":             {source{"models/x_test.go", long(501)}, "has two subjects"},
		"a function that goes on and on":         {source{"models/x.go", long(80)}, "f has 82 lines"},
		"a start nobody ordered":                 {source{"models/x.go", "package x\n\nfunc init() {}\n"}, "no init"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			complaints, err := check(tc.file)
			require.NoError(t, err)
			require.NotEmpty(t, complaints)
			require.Contains(t, strings.Join(complaints, "\n"), tc.want)
		})
	}
}

func TestWhatThePlanAllowsPasses(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]source{
		"a rule with a rule":            importing("rules/audience/x.go", "trackly/rules/segment", "trackly/internal/fault", "strings", "time"),
		"a model with a rule":           importing("models/x.go", "trackly/rules/audience"),
		"the store with gorm":           importing("internal/store/x.go", "gorm.io/gorm", "trackly/models"),
		"a test with a database":        importing("api/x_test.go", "trackly/internal/testkit", "trackly/internal/store"),
		"standalone with its servers":   importing("cmd/standalone/x.go", "trackly/internal/embedded/temporal"),
		"the composition root":          importing("internal/app/x.go", "trackly/api", "trackly/internal/store"),
		"an adapter with the port":      importing("internal/provider/twilio/x.go", "trackly/internal/provider", "github.com/twilio/twilio-go/client"),
		"a method called init":          {"models/x.go", "package x\n\ntype t int\n\nfunc (t) init() {}\n"},
		"generated code of any length":  {"models/x_test.go", "// Code generated by hand. DO NOT EDIT.\n\n" + long(600)},
		"a name that contains a banned": importing("rules/sharedcost/x.go"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			complaints, err := check(file)
			require.NoError(t, err)
			require.Empty(t, complaints)
		})
	}
}

func TestAFileThatIsNotGoIsAnError(t *testing.T) {
	t.Parallel()
	_, err := check(source{"models/x.go", "pack age"})
	require.Error(t, err)
}
