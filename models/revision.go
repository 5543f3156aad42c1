package models

// Revised counts what a later look at clicks changed.
type Revised struct {
	Judged  int64 // clicks that were looked at, most of them again
	Changed int64 // whose verdict is another now
	More    bool  // it stopped before the present
}

// Plus adds up.
func (r Revised) Plus(o Revised) Revised {
	return Revised{Judged: r.Judged + o.Judged, Changed: r.Changed + o.Changed, More: o.More}
}
