package store_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"trackly/internal/testkit"
	"trackly/models"
)

func TestEveryModelHasItsColumns(t *testing.T) {
	t.Parallel()
	st := testkit.Store(t)
	for _, m := range []any{
		models.Account{},
		models.Member{},
		models.APIKey{},
		models.List{},
		models.Creative{},
		models.CreativeLink{},
		models.Campaign{},
		models.Variant{},
		models.Message{},
		models.Contact{},
		models.Import{},
	} {
		s, err := schema.Parse(m, &sync.Map{}, schema.NamingStrategy{})
		require.NoError(t, err)
		for _, column := range s.DBNames {
			n, err := st.Count(t.Context(), `SELECT count(*) FROM information_schema.columns
				WHERE table_name = $1 AND column_name = $2`, s.Table, column)
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "%s.%s", s.Table, column)
		}
	}
}

// The database repeats the states of the models: neither may know one the other does not.
func TestTheDatabaseKnowsTheSameStates(t *testing.T) {
	t.Parallel()
	st := testkit.Store(t)
	for table, states := range map[string][]string{"campaigns": names(models.CampaignMoves), "messages": names(models.MessageMoves)} {
		check, err := st.Text(t.Context(), `SELECT pg_get_constraintdef(oid) FROM pg_constraint
			WHERE conrelid = $1::regclass AND conname = $1 || '_state_check'`, table)
		require.NoError(t, err)
		var known []string
		for _, m := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(check, -1) {
			known = append(known, m[1])
		}
		slices.Sort(known)
		require.Equal(t, strings.Join(states, " "), strings.Join(known, " "), table)
	}
}

func names[S ~string](moves map[S][]S) (all []string) {
	for s := range moves {
		all = append(all, string(s))
	}
	slices.Sort(all)
	return all
}
