package api

import (
	"context"

	"trackly/internal/fault"
	"trackly/models"
)

// startingImport says how an import is to run. What is left out stays as it is.
type startingImport struct {
	Columns   []columnJSON `json:"columns,omitempty" maxItems:"1024" doc:"Columns to correct; the others are read as they were found."`
	DryRun    bool         `json:"dry_run,omitempty" doc:"Only find out what would happen; it can be started again."`
	NewFields string       `json:"new_fields,omitempty" enum:"create,ignore" doc:"What becomes of columns nobody knows: custom fields, or nothing."`
	Mobile    *bool        `json:"mobile_only,omitempty" doc:"Refuse numbers that are known to be no mobiles."`
	LookUp    *bool        `json:"look_up,omitempty" doc:"Ask for the carrier and the line type of contacts nobody asked about yet. It costs money."`
}

func (b startingImport) options(o models.ImportOptions) models.ImportOptions {
	if b.NewFields != "" {
		o.NewFields = b.NewFields == "create"
	}
	if b.Mobile != nil {
		o.MobileOnly = *b.Mobile
	}
	if b.LookUp != nil {
		o.LookUp = *b.LookUp
	}
	return o
}

func (s *Server) startImport(ctx context.Context, in *postingTo, body startingImport, bad *fault.Problems) (*reply[importView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	imp, err := s.store.Import(ctx, accountOf(ctx), models.ImportID(in.ID))
	if err != nil {
		return nil, err
	}
	o := body.options(imp.Options)
	var columns []models.ImportColumn
	// Of an import in another state the store says why it cannot start, or that it runs.
	if imp.State == models.ImportUploaded || imp.State == models.ImportChecked {
		known, err := s.store.FieldSet(ctx, imp.AccountID)
		if err != nil {
			return nil, err
		}
		if columns, err = mapped(imp, o, known, body.Columns); err != nil {
			return nil, err
		}
	}
	imp, err = s.store.StartImport(ctx, imp.AccountID, imp.ID, columns, o, body.DryRun)
	if err != nil {
		return nil, err
	}
	return &reply[importView]{Body: s.runImport(ctx, imp)}, nil
}

// cancellingImport may say why.
type cancellingImport struct {
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"Why; it is shown with the import."`
}

func (s *Server) cancelImport(ctx context.Context, in *postingTo, body cancellingImport, bad *fault.Problems) (*reply[importView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	reason := body.Reason
	if reason == "" {
		reason = "cancelled on request"
	}
	imp, err := s.store.CancelImport(ctx, accountOf(ctx), models.ImportID(in.ID), reason)
	if err != nil {
		return nil, err
	}
	return &reply[importView]{Body: importViewOf(imp, s.now())}, nil
}
