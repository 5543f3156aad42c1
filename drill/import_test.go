package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

func madeImport() importFile {
	return makeImport(3, 4000, rand.New(rand.NewPCG(1, 2)))
}

// The drill's own idea of what is in the file must be the reader's.
func TestAnImportsFileHoldsWhatIsExpectedOfIt(t *testing.T) {
	t.Parallel()
	f := madeImport()
	rows, err := contactfile.NewReader(bytes.NewReader(f.body), contactfile.Options{
		NewFields: true, Known: field.Set{"drill_score": field.Number}, // as the file before it has made it
	})
	require.NoError(t, err)
	refused, good, read := map[int]string{}, 0, int64(0)
	for row, err := rows.Next(); !errors.Is(err, io.EOF); row, err = rows.Next() {
		require.NoError(t, err)
		read++
		if len(row.Refusals) > 0 {
			refused[row.Line] = string(row.Refusals[0].Reason)
			continue
		}
		good++
		want, on := f.list[row.Phone]
		if !on || f.stopped[row.Phone] {
			require.Contains(t, f.silent, row.Phone)
			continue
		}
		require.Equal(t, want.First+want.Last+want.State, row.FirstName+row.LastName+row.State)
		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(want.Fields), &fields))
		require.Equal(t, fields["drill_plan"], row.Fields["drill_plan"])
	}
	require.Equal(t, f.refused, refused)
	require.Len(t, f.reasons, 6, "every reason comes up")
	require.Equal(t, f.want.Rows, read)
	require.Equal(t, int64(good), f.want.Added+f.want.Merged+f.want.OptedOut)
	require.Positive(t, f.want.Merged)
	require.NotEmpty(t, f.stopped)
	require.Less(t, len(f.stopped), len(f.silent))
}

// perfect is what a faultless import leaves.
func perfect(f importFile) importSeen {
	s := importSeen{Consents: map[string]int{}, Refused: maps.Clone(f.refused), Counters: f.want, Reasons: maps.Clone(f.reasons), Imports: 1}
	for _, phone := range slices.Sorted(maps.Keys(f.list)) {
		sub := subscribed{Phone: phone, Status: "active", brought: f.list[phone]}
		if f.stopped[phone] {
			sub.Status = "opted_out"
		}
		s.Subscriptions = append(s.Subscriptions, sub)
	}
	for phone := range f.added {
		s.Consents[phone] = 1
	}
	return s
}

func TestEveryBrokenPromiseOfAnImportIsFound(t *testing.T) {
	t.Parallel()
	f := madeImport()
	require.True(t, judgeImport(f, perfect(f)).clean())
	stopped, fresh := slices.Sorted(maps.Keys(f.stopped))[0], slices.Sorted(maps.Keys(f.added))[0]
	unknown := f.silent[slices.IndexFunc(f.silent, func(p string) bool { return !f.stopped[p] })]
	for name, tc := range map[string]struct {
		spoil func(s *importSeen)
		want  importVerdict
	}{
		"lost":                   {func(s *importSeen) { s.Subscriptions = s.Subscriptions[1:] }, importVerdict{Lost: 1}},
		"twice":                  {func(s *importSeen) { s.Subscriptions = append(s.Subscriptions, s.Subscriptions[0]) }, importVerdict{Doubled: 1}},
		"an old value":           {func(s *importSeen) { s.Subscriptions[0].First = "Old" }, importVerdict{WrongValues: 1}},
		"inactive":               {func(s *importSeen) { s.Subscriptions[slices.IndexFunc(s.Subscriptions, is(fresh))].Status = "invalid" }, importVerdict{WrongValues: 1}},
		"a stranger":             {func(s *importSeen) { s.Subscriptions = append(s.Subscriptions, subscribed{Phone: "+1"}) }, importVerdict{WrongValues: 1}},
		"active after a STOP":    {func(s *importSeen) { s.Subscriptions[slices.IndexFunc(s.Subscriptions, is(stopped))].Status = "active" }, importVerdict{Revived: 1}},
		"new after a STOP":       {func(s *importSeen) { s.Subscriptions = append(s.Subscriptions, subscribed{Phone: unknown}) }, importVerdict{Revived: 1}},
		"no proof":               {func(s *importSeen) { delete(s.Consents, fresh) }, importVerdict{Lost: 1}},
		"two proofs":             {func(s *importSeen) { s.Consents[fresh]++ }, importVerdict{Doubled: 1}},
		"a proof for no one new": {func(s *importSeen) { s.Consents[stopped]++ }, importVerdict{Doubled: 1}},
		"refused for nothing":    {func(s *importSeen) { s.Refused[2] = "bad_phone" }, importVerdict{WrongRefusal: 1}},
		"not refused":            {func(s *importSeen) { delete(s.Refused, slices.Sorted(maps.Keys(s.Refused))[0]) }, importVerdict{WrongRefusal: 1}},
		"a counter":              {func(s *importSeen) { s.Counters.Added++ }, importVerdict{WrongCounter: 1}},
		"a reason":               {func(s *importSeen) { s.Reasons["bad_phone"]++ }, importVerdict{WrongCounter: 1}},
		"other lists":            {func(s *importSeen) { s.OtherLists++ }, importVerdict{WrongCounter: 1}},
		"a second import":        {func(s *importSeen) { s.Imports++ }, importVerdict{Doubled: 1}},
		"a table and a piece":    {func(s *importSeen) { s.Leftovers = []string{"a", "b"} }, importVerdict{Leftovers: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := perfect(f)
			tc.spoil(&s)
			got := judgeImport(f, s)
			require.False(t, got.clean())
			require.NotEmpty(t, got.Findings)
			got.Findings = nil
			require.Equal(t, tc.want, got)
		})
	}
}

func is(phone string) func(subscribed) bool {
	return func(s subscribed) bool { return s.Phone == phone }
}

func TestImportsArePlanned(t *testing.T) {
	t.Parallel()
	all, err := planImports(10, 1, "")
	require.NoError(t, err)
	again, err := planImports(10, 1, "")
	require.NoError(t, err)
	require.Equal(t, all, again, "the same seed, the same kills")
	kinds, moments := map[kind]bool{}, map[moment]bool{}
	for _, e := range all {
		kinds[e.Kind], moments[e.When] = true, true
	}
	require.Len(t, kinds, 6)
	require.Len(t, moments, 3)
	apart, together := splitErrands(all)
	require.Len(t, apart, 8)
	require.Len(t, together, 2)
	_, err = planImports(1, 1, "nobody")
	require.Error(t, err)
}

func TestAMomentIsPassed(t *testing.T) {
	t.Parallel()
	merge, stage := errand{When: merging, Share: 0.5}, errand{When: staging}
	running := progress{State: models.ImportRunning, Rows: 100}
	require.True(t, running.passed(stage))
	require.False(t, running.passed(merge), "rows that were counted while reading are not merged")
	running.Staged = true
	require.False(t, running.passed(merge))
	running.Position = 50
	require.True(t, running.passed(merge))
	require.True(t, progress{State: models.ImportDone, Rows: 100}.passed(merge), "too late, and not for ever")
	require.False(t, progress{State: models.ImportUploaded}.passed(stage))
}
