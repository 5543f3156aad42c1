package api

import (
	"math"
	"time"

	"trackly/models"
)

// importCounts are an import's counters, or those of the dry run. Embedded, they are
// members of the import's view.
type importCounts struct {
	RowsRead   int64            `json:"rows_read" doc:"When it is done: added + merged + opted_out + refused."`
	Valid      int64            `json:"valid" doc:"rows_read without the refused."`
	Added      int64            `json:"added" doc:"New on this list."`
	Merged     int64            `json:"merged" doc:"Were on this list; what the file says was laid over."`
	OptedOut   int64            `json:"opted_out" doc:"Said STOP before, or were erased; an import never revives them."`
	Refused    int64            `json:"refused" doc:"Cannot be used."`
	Reasons    map[string]int64 `json:"refused_by_reason" nullable:"false"`
	OtherLists int64            `json:"other_lists" doc:"Of added and merged: on another list of the account too."`
	Percent    float64          `json:"percent" doc:"How far it is."`
	PerSecond  float64          `json:"rows_per_second,omitempty" doc:"Read and merged since it started."`
	Left       *int64           `json:"seconds_left,omitempty" doc:"As far as can be told from the time it has taken."`
}

func importCountsOf(i models.Import, now time.Time) importCounts {
	c := importCounts{
		RowsRead: i.RowsRead, Valid: i.RowsRead - i.Refused, Added: i.Added, Merged: i.Merged, OptedOut: i.OptedOut,
		Refused: i.Refused, Reasons: i.Reasons, OtherLists: i.OtherLists, Percent: tenths(100 * i.Progress()),
	}
	if c.Reasons == nil {
		c.Reasons = map[string]int64{}
	}
	speed, left := i.Speed(now)
	c.PerSecond = tenths(speed)
	if left > 0 && !i.State.Final() {
		seconds := int64(math.Ceil(left.Seconds()))
		c.Left = &seconds
	}
	return c
}

func tenths(f float64) float64 { return math.Floor(f*10) / 10 }
