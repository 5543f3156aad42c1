package api

import (
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/contactfile"
)

// importView is an import: what the file is, how far it has come, and its report.
type importView struct {
	ID        string             `json:"id"`
	ListID    string             `json:"list_id"`
	State     string             `json:"state" enum:"uploading,uploaded,checking,checked,running,done,failed,cancelled"`
	Reason    string             `json:"reason,omitempty" doc:"Why it failed or was cancelled."`
	Next      string             `json:"next" doc:"What to do now, in a sentence."`
	Problems  []Complaint        `json:"problems,omitempty" doc:"Why it cannot start before its columns are corrected."`
	FileName  string             `json:"file_name,omitempty"`
	FileBytes int64              `json:"file_bytes" doc:"Unpacked."`
	FileHash  string             `json:"file_sha256,omitempty" doc:"Of the unpacked file. It is kept with every consent the file proves."`
	Encoding  string             `json:"encoding,omitempty" example:"utf-8"`
	Delimiter string             `json:"delimiter,omitempty" example:","`
	Columns   []importColumnView `json:"columns" nullable:"false" doc:"In the order of the file."`
	Options   importOptionsView  `json:"options"`
	importCounts
	LookedUp  *lookedUpView `json:"looked_up,omitempty" doc:"With look_up, once it has ended."`
	Refusals  string        `json:"refusals_url" doc:"The refused rows; with .csv behind it, as a file."`
	CreatedAt time.Time     `json:"created_at"`
	StartedAt *time.Time    `json:"started_at,omitempty"`
	EndedAt   *time.Time    `json:"finished_at,omitempty"`
}

type importColumnView struct {
	Header  string   `json:"header"`
	Meaning string   `json:"meaning" example:"phone" doc:"ignored: it is not imported."`
	Field   string   `json:"field,omitempty" doc:"The custom field it becomes; of an ignored column, the one it could become."`
	Type    string   `json:"type,omitempty" doc:"Of the custom field."`
	Found   string   `json:"found_by,omitempty" doc:"What the meaning was found by: header, content, field (one the account has), user."`
	Samples []string `json:"samples,omitempty" doc:"The first values, in the answer to the upload only."`
}

type importOptionsView struct {
	Region    string `json:"region"`
	NewFields string `json:"new_fields" enum:"create,ignore"`
	Mobile    bool   `json:"mobile_only"`
	LookUp    bool   `json:"look_up"`
}

// lookedUpView is what came of an import's look-ups.
type lookedUpView struct {
	Asked     int64  `json:"asked" doc:"Answered by the provider, who wants money for each. After a disturbance some may be missing here; GET /v1/look-ups counts all."`
	Cached    int64  `json:"cached" doc:"Known already."`
	Failed    int64  `json:"failed" doc:"The provider does not know the phone, or did not answer."`
	NotMobile int64  `json:"not_mobile" doc:"With mobile_only: contacts whose line takes no texts. They became invalid and are sent nothing."`
	Problem   string `json:"problem,omitempty" doc:"Why not all phones were looked up. The contacts are imported all the same."`
}

func importViewOf(i models.Import, now time.Time) importView {
	v := importView{
		ID: string(i.ID), ListID: string(i.ListID), State: string(i.State), Reason: i.Reason, FileName: i.FileName, FileBytes: i.FileBytes,
		FileHash: hex.EncodeToString(i.FileHash), Encoding: i.Encoding, Delimiter: i.Delimiter, Columns: make([]importColumnView, len(i.Columns)),
		Options:      importOptionsView{Region: i.Options.Region, NewFields: "ignore", Mobile: i.Options.MobileOnly, LookUp: i.Options.LookUp},
		importCounts: importCountsOf(i, now), Refusals: "/v1/imports/" + string(i.ID) + "/refusals",
		CreatedAt: i.CreatedAt.UTC(), StartedAt: utc(i.StartedAt), EndedAt: utc(i.FinishedAt),
	}
	if i.Options.NewFields {
		v.Options.NewFields = "create"
	}
	for n, c := range i.Columns {
		v.Columns[n] = importColumnView{Header: c.Header, Meaning: c.Meaning, Field: c.Field, Type: c.Type, Found: c.Found}
	}
	if l := i.LookedUp; l != nil {
		v.LookedUp = &lookedUpView{Asked: l.Asked, Cached: l.Cached, Failed: l.Failed, NotMobile: l.NotMobile, Problem: l.Problem}
	}
	v.Next = nextStep(i)
	return v
}

// samples shows what the upload began with, where its columns are still those.
func (v *importView) samples(columns []contactfile.Column) {
	for i := range v.Columns {
		if i < len(columns) && columns[i].Header == v.Columns[i].Header {
			v.Columns[i].Samples = columns[i].Samples
		}
	}
}

// problem shows why the import cannot start as its columns are. An error that is not
// about them comes back.
func (v *importView) problem(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Kind != fault.Invalid {
		return err
	}
	for _, p := range f.Problems {
		v.Problems = append(v.Problems, Complaint{Location: p.Where, Message: p.Message})
	}
	if len(v.Problems) == 0 {
		v.Problems = []Complaint{{Location: "columns", Message: f.Message}}
	}
	v.Next = "The columns leave a question open, see problems. Answer it with columns in POST /v1/imports/" + v.ID + "/start."
	return nil
}

func nextStep(i models.Import) string {
	at := "/v1/imports/" + string(i.ID)
	switch i.State {
	case models.ImportUploading:
		return "The file is arriving."
	case models.ImportUploaded:
		return "Look at the columns, then POST " + at + "/start; with dry_run it only finds out what would happen. It is cancelled when nobody does within a day."
	case models.ImportChecking:
		return "A dry run: nothing is changed. GET " + at + " shows how far it is."
	case models.ImportChecked:
		return "Nothing was changed; the counters say what would happen. POST " + at + "/start runs it, /cancel ends it."
	case models.ImportRunning:
		if i.Options.LookUp && i.RowsRead > 0 && i.Position == i.RowsRead {
			return "All rows are merged, and the contacts' phones are being looked up; POST " + at + "/cancel ends that."
		}
		return "GET " + at + " shows how far it is; POST " + at + "/cancel ends it."
	case models.ImportDone:
		return doneStep(i, at)
	case models.ImportFailed:
		return "Correct the file and upload it again: contacts that were taken are merged, not doubled."
	case models.ImportCancelled:
		return "What was merged before stays. To import the rest, upload the file again."
	}
	return ""
}

func doneStep(i models.Import, at string) string {
	var next []string
	if i.Refused > 0 {
		next = append(next, "GET "+at+"/refusals.csv has the refused rows and what is wrong with them. Corrected, they can be imported again; so can the whole file: contacts that were taken are merged, not doubled.")
	}
	if i.LookedUp != nil && i.LookedUp.Problem != "" {
		next = append(next, "The contacts are imported, but not all of their phones were looked up: "+i.LookedUp.Problem+". Import the file again with look_up for the rest; what is known is not paid for again.")
	}
	if len(next) == 0 {
		return "Nothing is left to do."
	}
	return strings.Join(next, " ")
}
