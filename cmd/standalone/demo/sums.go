package demo

import (
	"context"
	"fmt"
	"text/tabwriter"
)

// money is an amount of ours: exact, in millionths.
type money struct {
	Micros  int64  `json:"amount_micros"`
	Decimal string `json:"decimal"`
}

// metrics are sums of whatever they were asked by.
type metrics struct {
	Sends       int64    `json:"sends"`
	Delivered   int64    `json:"delivered"`
	Undelivered int64    `json:"undelivered"`
	Failed      int64    `json:"failed"`
	Skipped     int64    `json:"skipped"`
	Segments    int64    `json:"segments"`
	Clicks      int64    `json:"clicks"`
	Bots        int64    `json:"bot_clicks"`
	Unsure      int64    `json:"unsure_clicks"`
	CTR         *float64 `json:"ctr"`
	Conversions int64    `json:"conversions"`
	Reversals   int64    `json:"reversals"`
	Revenue     money    `json:"revenue"`
	Cost        money    `json:"cost"`
	Profit      money    `json:"profit"`
	ROI         *float64 `json:"roi"`
	OptOuts     int64    `json:"opt_outs"`
}

// sums are a report by one dimension.
type sums struct {
	Rows []struct {
		Keys []struct {
			Key  string `json:"key"`
			Name string `json:"name"`
		} `json:"keys"`
		metrics
	} `json:"rows"`
	Total metrics `json:"total"`
}

// row is one line of a table.
type row struct {
	name string
	metrics
}

// sums asks for a report and names its rows.
func (w World) sums(ctx context.Context, c client, by string) (rows []row, total metrics, err error) {
	var s sums
	if err := c.get(ctx, "/v1/reports?by="+by, &s); err != nil {
		return nil, total, err
	}
	for _, r := range s.Rows {
		name := r.Keys[0].Name
		if name == "" {
			name = "(none)" // of no text we know, or not handed over yet
		}
		rows = append(rows, row{name, r.metrics})
	}
	return rows, s.Total, nil
}

// texts is a table of what became of texts.
func (w World) texts(first string, rows []row) error {
	return w.table(rows, first+"\tsent\tdelivered\tundelivered\tfailed\tskipped\tsegments\topt-outs\t", func(r row) string {
		return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t", r.name, r.Sends, r.Delivered, r.Undelivered, r.Failed, r.Skipped, r.Segments, r.OptOuts)
	})
}

// earnings is a table of what they brought.
func (w World) earnings(first string, rows []row) error {
	return w.table(rows, first+"\tclicks\tbots\tCTR\tsales\tback\trevenue\tcost\tprofit\tROI\t", func(r row) string {
		return fmt.Sprintf("%s\t%d\t%d\t%s\t%d\t%d\t%s\t%s\t%s\t%s\t", r.name, r.Clicks, r.Bots, percent(r.CTR, 1),
			r.Conversions, r.Reversals, r.Revenue.cents(), r.Cost.cents(), r.Profit.cents(), percent(r.ROI, 0))
	})
}

func (w World) table(rows []row, head string, line func(row) string) error {
	t := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, head)
	for _, r := range rows {
		_, _ = fmt.Fprintln(t, line(r))
	}
	return t.Flush()
}

func percent(share *float64, decimals int) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.*f%%", decimals, 100**share)
}

// cents rounds for reading; what is compared is exact.
func (m money) cents() string { return fmt.Sprintf("%.2f", float64(m.Micros)/1e6) }
