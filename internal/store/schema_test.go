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
	"trackly/rules/field"
	"trackly/rules/offer"
	"trackly/rules/optout"
	"trackly/rules/verdict"
)

func TestEveryModelHasItsColumns(t *testing.T) {
	t.Parallel()
	st := testkit.Store(t)
	for _, m := range []any{
		models.Account{},
		models.Member{},
		models.APIKey{},
		models.List{},
		models.Route{},
		models.Creative{},
		models.CreativeLink{},
		models.ShortLink{},
		models.Campaign{},
		models.Variant{},
		models.Message{},
		models.Contact{},
		models.Import{},
		models.Audience{},
		models.Field{},
		models.LinkDomain{},
		models.Connection{},
		models.Offer{},
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

// The database repeats the words of the models: neither may know one the other does not.
func TestTheDatabaseKnowsTheSameWords(t *testing.T) {
	t.Parallel()
	st := testkit.Store(t)
	scopes := sorted(models.ScopeList, models.ScopeBrand, models.ScopeAccount)
	answerers := sorted(models.AnsweredByProvider, models.AnsweredByTrackly)
	for column, words := range map[string][]string{
		"campaigns.state":        names(models.CampaignMoves),
		"imports.state":          names(models.ImportMoves),
		"audiences.kind":         sorted(models.AudienceDynamic, models.AudienceStatic),
		"fields.type":            sorted(field.Types()...),
		"campaigns.late":         sorted(models.LateWaits, models.LateDrops),
		"messages.state":         names(models.MessageMoves),
		"messages.kind":          sorted(kinds()...),
		"lists.state":            sorted(models.ListActive, models.ListPaused),
		"lists.answers_stop":     answerers,
		"lists.answers_help":     answerers,
		"connections.state":      sorted(models.ConnectionUp, models.ConnectionBlocked),
		"link_domains.state":     sorted(models.DomainNew, models.DomainUp, models.DomainDown, models.DomainRetired),
		"routes.state":           sorted(models.RouteUp, models.RouteDown, models.RouteBlocked),
		"members.role":           sorted(models.Owner, models.Writer, models.Viewer),
		"creatives.status":       sorted(models.CreativeActive, models.CreativePaused, models.CreativeArchived),
		"accounts.opt_out_scope": scopes,
		"suppressions.scope":     scopes,
		"suppressions.source": sorted(models.ByKeyword, models.ByPhrase, models.ByReview, models.ByProvider, models.ByUpload,
			models.ByOwner, models.ByErasure),
		"subscriptions.status": sorted(models.SubscriptionActive, models.SubscriptionOptedOut, models.SubscriptionInvalid,
			models.SubscriptionSuppressed),
		"inbound_messages.verdict": sorted(optout.None, optout.Stop, optout.Start, optout.Help, optout.Ambiguous),
		"inbound_messages.review":  sorted(models.ReviewNone, models.ReviewOpen, models.ReviewKept, models.ReviewOptedOut),
		"decisions.verdict":        sorted(models.VerdictWait, models.VerdictSkip),
		"clicks.target":            sorted(offer.ToLink, offer.ToOffer, offer.ToFallback, offer.ToPage),
		"clicks.own_verdict":       sorted(verdict.Human, verdict.Bot, verdict.Unsure),
		"clicks.verdict":           sorted(verdict.Human, verdict.Bot, verdict.Unsure),
		"offers.network":           sorted(models.NetworkNone, models.NetworkTUNE, models.NetworkEverflow, models.NetworkCake),
		"offers.payout_type":       sorted(models.PaysAction, models.PaysClick, models.PaysShare),
		"offers.status":            sorted(models.OfferActive, models.OfferPaused, models.OfferArchived),
		"conversions.kind":         sorted(models.ConversionKinds()...),
		"conversions.source":       sorted(models.ByPostback, models.ByPixel, models.ByRequest, models.ByFile, models.ByPull),
		"conversions.state":        sorted(models.Credited, models.Uncredited, models.Unmatched, models.Waiting),
		"events.severity":          sorted(models.Info, models.Warning, models.Alert),
	} {
		table, name, _ := strings.Cut(column, ".")
		check, err := st.Text(t.Context(), `SELECT pg_get_constraintdef(oid) FROM pg_constraint
			WHERE conrelid = $1::regclass AND conname = $1 || '_' || $2 || '_check'`, table, name)
		require.NoError(t, err, column)
		var known []string
		for _, m := range regexp.MustCompile(`'(\w*)'`).FindAllStringSubmatch(check, -1) {
			known = append(known, m[1])
		}
		slices.Sort(known)
		require.Equal(t, words, known, column)
	}
}

func sorted[S ~string](words ...S) (all []string) {
	for _, w := range words {
		all = append(all, string(w))
	}
	slices.Sort(all)
	return all
}

func names[S ~string](moves map[S][]S) (all []string) {
	for s := range moves {
		all = append(all, string(s))
	}
	slices.Sort(all)
	return all
}
