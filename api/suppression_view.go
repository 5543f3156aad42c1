package api

import (
	"strconv"
	"time"

	"trackly/models"
)

// suppressionView is a suppression as clients read it.
type suppressionView struct {
	ID        string     `json:"id"`
	Phone     string     `json:"phone" doc:"Empty after an erasure."`
	Scope     string     `json:"scope" enum:"list,brand,account"`
	ListID    string     `json:"list_id,omitempty" doc:"For the scope list."`
	Brand     string     `json:"brand,omitempty" doc:"For the scope brand, in small letters."`
	Source    string     `json:"source" enum:"keyword,phrase,review,provider,upload,owner,erasure" doc:"How it came about."`
	InboundID string     `json:"inbound_id,omitempty" doc:"The text that said so."`
	Note      string     `json:"note,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	LiftedAt  *time.Time `json:"lifted_at,omitempty" doc:"Absent while it holds."`
	LiftedBy  string     `json:"lifted_by,omitempty"`
}

func suppressionViewOf(x models.Suppression) suppressionView {
	v := suppressionView{
		ID: strconv.FormatInt(x.ID, 10), Phone: x.Phone, Scope: string(x.Scope), ListID: string(x.ListID), Brand: x.Brand,
		Source: string(x.Source), Note: x.Note, CreatedAt: x.CreatedAt.UTC(), LiftedAt: utc(x.LiftedAt), LiftedBy: x.LiftedBy,
	}
	if x.InboundID != 0 {
		v.InboundID = strconv.FormatInt(x.InboundID, 10)
	}
	return v
}

// suppressedView is the report of an upload of suppressions.
type suppressedView struct {
	Scope    string        `json:"scope" enum:"list,brand,account"`
	ListID   string        `json:"list_id,omitempty"`
	Brand    string        `json:"brand,omitempty"`
	Read     int64         `json:"read" doc:"added + standing + refused"`
	Added    int64         `json:"added" doc:"New suppressions."`
	Standing int64         `json:"standing" doc:"Suppressed so before, or twice in the upload."`
	Refused  int64         `json:"refused" doc:"No phones."`
	OptedOut int64         `json:"opted_out" doc:"Subscriptions that ended."`
	Skipped  int64         `json:"skipped_messages" doc:"Queued texts that will not go out."`
	Refusals []noPhoneView `json:"refusals" nullable:"false" doc:"The first 1,000 that were refused."`
}

// noPhoneView is a line that is no phone.
type noPhoneView struct {
	Line    int    `json:"line" doc:"In the file, or the number in the list of phones; from 1."`
	Value   string `json:"value" doc:"What stood there, at most 40 bytes."`
	Message string `json:"message"`
}
