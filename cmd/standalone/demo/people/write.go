// Package people makes up US contacts, always the same ones for the same number of rows. A
// few in a thousand are broken, as in uploads. Nobody real is among them.
package people

import (
	"bufio"
	"fmt"
	"io"
)

// Write makes a CSV with a header. It refuses more rows than there are numbers nobody has.
func Write(to io.Writer, rows int) error {
	phones, err := newPool(rows)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to)
	if _, err := fmt.Fprintln(out, "phone,first_name,last_name,state,plan_interest,signup_source,age,consent_date"); err != nil {
		return err
	}
	makes := newMaker(phones)
	for i := range rows {
		if _, err := fmt.Fprintln(out, makes.row(i)); err != nil {
			return err
		}
	}
	return out.Flush()
}
