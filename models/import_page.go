package models

import "time"

// ImportPage is a run of an import's rows which are merged together, and what became of
// them.
type ImportPage struct {
	First      int64 // the rows' numbers, from 1
	Last       int64
	Refused    int64 // besides what the file itself was refused for
	Added      int64
	Merged     int64
	OptedOut   int64
	OtherLists int64
}

// ImportStep is how an import stands after a step of its work.
type ImportStep struct {
	Stopped bool // it was cancelled, or it has failed: there is nothing left to do but to clear up
	Lost    bool // the rows are gone and have to be read from the file again
	Rows    int64
	Page    ImportPage
	LookUps *ImportLookUps `json:",omitempty"` // of the staging: asked for, once the rows are merged
}

// ImportLookUps is what an import wants to know of its contacts' phones.
type ImportLookUps struct {
	ListID     ListID
	MobileOnly bool
}

// Of an import, reading the file takes this share of the time and merging the rest.
const stagingShare = 0.4

// Speed gives the rows a second of an import at work, and how long the rest of it will
// take. Both are zero when there is nothing to measure yet.
func (i *Import) Speed(at time.Time) (rowsPerSecond float64, left time.Duration) {
	if i.StartedAt == nil {
		return 0, 0
	}
	if i.FinishedAt != nil {
		at = *i.FinishedAt
	}
	took := at.Sub(*i.StartedAt)
	if took <= 0 || i.RowsRead == 0 {
		return 0, 0
	}
	rows := float64(i.RowsRead)
	if i.Staged && i.FinishedAt == nil {
		rows = stagingShare*rows + (1-stagingShare)*float64(i.Position)
	}
	done := i.share()
	if i.FinishedAt == nil && done > 0 {
		left = time.Duration(float64(took) * (1 - done) / done)
	}
	return rows / took.Seconds(), left
}

// share is how much of an import's work is done, from 0 to 1.
func (i *Import) share() float64 {
	if !i.Staged {
		if i.FileBytes == 0 {
			return 0
		}
		return stagingShare * min(float64(i.BytesRead)/float64(i.FileBytes), 1)
	}
	return stagingShare + (1-stagingShare)*float64(i.Position)/float64(i.RowsRead)
}
