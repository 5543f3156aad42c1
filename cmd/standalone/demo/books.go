package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trackly/internal/provider/sandbox"
)

// books holds the advertiser's own books against ours. A difference is an error: then one
// of us is owed money.
func (w World) books(ctx context.Context, c client, o offer) error {
	var ours struct {
		Total metrics `json:"total"`
	}
	if err := c.get(ctx, "/v1/reports?offer_id="+o.ID, &ours); err != nil {
		return err
	}
	_, clicks, err := w.sums(ctx, c, "day")
	if err != nil {
		return err
	}
	all := w.Sandbox.Books()
	i := slices.IndexFunc(all, func(b sandbox.Books) bool { return b.Shop == shop })
	if i < 0 {
		return fmt.Errorf("the advertiser has no books")
	}
	theirs := all[i]
	stats := w.Sandbox.Stats()
	w.say("\nThe advertiser's books beside ours, after %d postbacks for %d events.\nWho tapped is our judgement; the sandbox knows:", stats.Postbacks,
		theirs.Total.Sales+theirs.Total.Refunds+theirs.Total.Chargebacks)
	w.say("  %-22s %12s %12s", "", "the world", "Trackly")
	w.say("  %-22s %12d %12d", "people who tapped", stats.Clicks, clicks.Clicks)
	w.say("  %-22s %12d %12d", "machines' requests", stats.Bots, clicks.Bots+clicks.Unsure)
	w.say("  %-22s %12d %12d", "sales", theirs.Total.Sales, ours.Total.Conversions)
	w.say("  %-22s %12s", "sold", theirs.Total.Sold)
	w.say("  %-22s %12s", "refunded", "-"+theirs.Total.Refunded.String())
	w.say("  %-22s %12s", "charged back", "-"+theirs.Total.ChargedBack.String())
	w.say("  %-22s %12s %12s", "owed to us, "+theirs.Currency, theirs.Total.Owed, ours.Total.Revenue.Decimal)
	if err := agree(theirs, ours.Total); err != nil {
		return err
	}
	w.say("They agree to the cent.")
	return nil
}

// microsPerCent is how many of our units one of the advertiser's is.
const microsPerCent = 10_000

// agree is an error that tells the differences between the books.
func agree(theirs sandbox.Books, ours metrics) error {
	var differ []string
	if theirs.Waiting > 0 {
		differ = append(differ, fmt.Sprintf("%d events are still to be told", theirs.Waiting))
	}
	if int64(theirs.Total.Sales) != ours.Conversions {
		differ = append(differ, fmt.Sprintf("the advertiser counts %d sales, we %d", theirs.Total.Sales, ours.Conversions))
	}
	if owed := int64(theirs.Total.Owed) * microsPerCent; owed != ours.Revenue.Micros {
		differ = append(differ, fmt.Sprintf("the advertiser owes %s, we expect %s: %d millionths differ",
			theirs.Total.Owed, ours.Revenue.Decimal, ours.Revenue.Micros-owed))
	}
	if len(differ) == 0 {
		return nil
	}
	return fmt.Errorf("the advertiser's books and ours do not agree: %s", strings.Join(differ, "; "))
}
