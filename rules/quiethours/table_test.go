package quiethours_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/place"
	"trackly/rules/quiethours"
)

const (
	head = "# version: 2026-11-24\n# a remark\ncountry,state,days,from,to,holidays,cap,effective_from,effective_until,source,reviewed,note\n"
	rest = "*,,daily,08:00,21:00,none,,,,s,2026-11-24,\n"
)

func TestTheShippedTableHasEveryRule(t *testing.T) {
	t.Parallel()
	table := shipped(t)
	require.Equal(t, "2026-11-24", table.Version())
	names := map[string]bool{}
	for _, r := range table.Rows() {
		names[r.Name()] = true
		require.NotEmpty(t, r.Source)
		require.NotEmpty(t, r.Note, "%s says how sure we are", r.Name())
		require.False(t, r.Reviewed.IsZero())
		require.LessOrEqual(t, 8*60, r.From, "%s opens in the night", r.Name())
		require.LessOrEqual(t, r.To, 22*60, "%s closes in the night", r.Name())
	}
	for name := range strings.FieldsSeq(`* US CA GB AU FR DE IT ES NL PL SE IE
		US-FL US-OK US-MD US-WA US-TX US-CT US-AL US-LA US-MS US-MA US-NJ US-RI US-KY US-NV US-MI US-MN US-NM US-CA US-IL US-VA`) {
		require.True(t, names[name], name)
	}
}

func TestRowsBelongToTheCaller(t *testing.T) {
	t.Parallel()
	table := shipped(t)
	rows := table.Rows()
	rows[1].Days[0], rows[1].To = time.Saturday, 1440
	require.NotEqual(t, rows[1], table.Rows()[1])
	fl := slices.IndexFunc(rows, func(r quiethours.Row) bool { return r.Name() == "US-FL" })
	require.Equal(t, 3, rows[fl].Cap)
	require.Len(t, rows[fl].Days, 7)
}

func TestATableIsRefusedWithEveryComplaintAndItsLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, where, says string }{
		"nothing":                {"", "line 1", "# version"},
		"no version":             {strings.Replace(head, "# version: 2026-11-24", "# hello", 1) + rest, "line 1", "# version"},
		"a version without date": {strings.Replace(head, "2026-11-24", "new", 1) + rest, "line 1", "# version"},
		"other columns":          {strings.Replace(head, "state", "province", 1) + rest, "line 3", "columns must be"},
		"too few cells":          {head + rest + "US,,daily\n", "line 5", "3 cells"},
		"quotes":                 {head + rest + "US,\"x,daily\n", "line 5", "not CSV"},
		"no other countries":     {head + "US,,daily,08:00,21:00,none,,,,s,2026-11-24,\n", "table", "all other countries"},
		"dated for the others":   {head + "*,,daily,08:00,21:00,none,,2026-01-01,,s,2026-11-24,\n", "table", "all other countries"},
		"a country":              {head + rest + "us,,daily,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "upper letters"},
		"no country":             {head + rest + ",,daily,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "country is missing"},
		"a state":                {head + rest + "US,ON,daily,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "not a state of US"},
		"a state of two":         {head + rest + "US CA,ON,daily,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "one country"},
		"a day":                  {head + rest + "US,,mon-fry,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "day of the week"},
		"no days":                {head + rest + "US,,,08:00,21:00,none,,,,s,2026-11-24,\n", "line 5", "days are missing"},
		"a time":                 {head + rest + "US,,daily,8,21:00,none,,,,s,2026-11-24,\n", "line 5", "time of day"},
		"a time past midnight":   {head + rest + "US,,daily,08:00,24:01,none,,,,s,2026-11-24,\n", "line 5", "time of day"},
		"hours over midnight":    {head + rest + "US,,daily,21:00,08:00,none,,,,s,2026-11-24,\n", "line 5", "begin before they end"},
		"holidays":               {head + rest + "US,,daily,08:00,21:00,all,,,,s,2026-11-24,\n", "line 5", "none, federal or state"},
		"holidays we lack":       {head + rest + "DE,,daily,08:00,21:00,federal,,,,s,2026-11-24,\n", "line 5", "holidays of DE are not known"},
		"a state's we lack":      {head + rest + "US,GA,daily,08:00,21:00,state,,,,s,2026-11-24,\n", "line 5", "holidays of US-GA are not known"},
		"a cap":                  {head + rest + "US,,daily,08:00,21:00,none,-3,,,s,2026-11-24,\n", "line 5", "1 to 1000"},
		"a date":                 {head + rest + "US,,daily,08:00,21:00,none,,2026-02-30,,s,2026-11-24,\n", "line 5", "effective_from is a date"},
		"an end before":          {head + rest + "US,,daily,08:00,21:00,none,,2026-02-02,2026-02-01,s,2026-11-24,\n", "line 5", "ends before"},
		"no source":              {head + rest + "US,,daily,08:00,21:00,none,,,,,2026-11-24,\n", "line 5", "needs a source"},
		"not reviewed":           {head + rest + "US,,daily,08:00,21:00,none,,,,s,,\n", "line 5", "needs a source"},
		"two for one day":        {head + rest + "US,,mon-fri,08:00,21:00,none,,,,s,2026-11-24,\nUS,,fri-sun,08:00,21:00,none,,2026-01-01,,s,2026-11-24,\n", "line 6", "already has hours"},
		"a long note":            {head + rest + "US,,daily,08:00,21:00,none,,,,s,2026-11-24," + strings.Repeat("x", 501) + "\n", "line 5", "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := quiethours.Parse(strings.NewReader(tc.text))
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			f, ok := errors.AsType[*fault.Fault](err)
			require.True(t, ok)
			require.True(t, slices.ContainsFunc(f.Problems, func(p fault.Problem) bool {
				return p.Where == tc.where && strings.Contains(p.Message, tc.says)
			}), "%v", err)
		})
	}
}

func TestComplaintsComeTogetherButNotWithoutEnd(t *testing.T) {
	t.Parallel()
	bad := "us,,daily,08:00,21:00,none,,,,s,2026-11-24,\n"
	for lines, want := range map[int]int{2: 2, 500: 51} {
		_, err := quiethours.Parse(strings.NewReader(head + rest + strings.Repeat(bad, lines)))
		f, ok := errors.AsType[*fault.Fault](err)
		require.True(t, ok)
		require.Len(t, f.Problems, want)
	}
}

func TestATableHasLimits(t *testing.T) {
	t.Parallel()
	_, err := quiethours.Parse(strings.NewReader(head + rest + strings.Repeat("#", 1<<20)))
	require.ErrorContains(t, err, "larger than")
	var many strings.Builder
	for day := range 2000 {
		date := time.Date(2026, 1, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		many.WriteString("US,,daily,08:00,21:00,none,," + date + "," + date + ",s,2026-11-24,\n")
	}
	_, err = quiethours.Parse(strings.NewReader(head + many.String() + rest))
	require.ErrorContains(t, err, "more than 2000 rules")
	_, err = quiethours.Parse(iotest.ErrReader(errors.New("the line dropped")))
	require.Equal(t, fault.Broken, fault.KindOf(err))
}

// A rule holds from its first local day to the end of its last.
func TestARuleHoldsOnItsDaysOnly(t *testing.T) {
	t.Parallel()
	table, err := quiethours.Parse(strings.NewReader(head + rest +
		"US,FL,daily,10:00,12:00,none,5,2026-06-01,2026-06-30,s,2026-11-24,\n"))
	require.NoError(t, err)
	for at, open := range map[string]bool{
		"2026-05-31 20:59:59": true, "2026-06-01 09:59:59": false, "2026-06-01 10:00:00": true,
		"2026-06-30 12:00:00": false, "2026-07-01 08:00:00": true,
	} {
		v := table.Judge(in("FL", eastern), quiethours.Policy{}, local(t, at+" "+eastern))
		require.Equal(t, open, v.Open, at)
		require.Equal(t, strings.HasPrefix(at, "2026-06"), v.Cap == 5, at)
	}
	v := table.Judge(in("FL", eastern), quiethours.Policy{}, local(t, "2026-06-30 12:00:00 "+eastern))
	require.WithinDuration(t, local(t, "2026-07-01 08:00:00 "+eastern), v.Next, 0)
}

func TestHoursThatNeverEndAreOpenAsFarAsOneLooks(t *testing.T) {
	t.Parallel()
	table, err := quiethours.Parse(strings.NewReader(head + "*,,daily,00:00,24:00,none,,,,s,2026-11-24,\n"))
	require.NoError(t, err)
	at := local(t, "2026-10-30 12:00:00 "+eastern)
	v := table.Judge(place.Place{Zones: []string{eastern}}, quiethours.Policy{}, at)
	require.True(t, v.Open)
	require.WithinDuration(t, at.Add(14*24*time.Hour), v.Until, 0)
	v = table.Judge(place.Place{Zones: []string{eastern}}, quiethours.Policy{SkipDays: []time.Weekday{time.Tuesday}}, at)
	require.WithinDuration(t, local(t, "2026-11-03 00:00:00 "+eastern), v.Until, 0, "over the change of the clocks")
}

func FuzzParse(f *testing.F) {
	f.Add(head + rest)
	f.Add(head + rest + "US,LA,mon-sat,08:00,20:00,state,3,2026-01-01,2026-12-31,s,2026-11-24,n\n")
	f.Add(head + "*,,sat-mon wed,00:00,24:00,none,,,,\"s\ns\",2026-11-24,\xff\n")
	f.Add("# version: 2026-11-24\r\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := quiethours.Parse(strings.NewReader(text))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		for _, r := range table.Rows() {
			p := place.Place{Country: r.Country, Zones: []string{eastern}}
			if r.State != "" {
				p.States = []string{r.State}
			}
			v := table.Judge(p, quiethours.Policy{}, at)
			require.NotEqual(t, v.Open, v.Until.IsZero())
			require.NotEmpty(t, v.Rules)
		}
	})
}
