package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

// fieldStore keeps the custom fields of accounts.
type fieldStore interface {
	Fields(ctx context.Context, account models.AccountID) ([]models.Field, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	AddField(ctx context.Context, f models.Field) (models.Field, error)
	DeleteField(ctx context.Context, account models.AccountID, name string) error
}

func (s *Server) fieldRoutes() {
	get(s, operation(http.MethodGet, "/v1/fields", "list-fields", "contacts", "Read the custom fields"), s.fields)
	define := operation(http.MethodPost, "/v1/fields", "create-field", "contacts", "Define a custom field")
	define.Description = "A contact can have a value only of a field that is defined. An account has at most 64. Safe to repeat."
	define.DefaultStatus = http.StatusCreated
	post(s, define, s.createField)
	remove := operation(http.MethodDelete, "/v1/fields/{name}", "delete-field", "contacts", "Delete a custom field")
	remove.Description = "Refused while a creative, an audience or a campaign names it. The contacts' values are not shown any more."
	remove.DefaultStatus, remove.Errors = http.StatusNoContent, []int{http.StatusConflict}
	get(s, remove, s.deleteField)
}

// newField asks for a custom field.
type newField struct {
	Name string `json:"name" doc:"Small letters, digits and _; begins with a letter." example:"plan"`
	Type string `json:"type" enum:"text,number,boolean,date" doc:"What it holds."`
}

// fieldView is a custom field.
type fieldView struct {
	Name      string    `json:"name"`
	Type      string    `json:"type" enum:"text,number,boolean,date"`
	CreatedAt time.Time `json:"created_at"`
}

func fieldViewOf(f models.Field) fieldView {
	return fieldView{Name: f.Name, Type: string(f.Type), CreatedAt: f.CreatedAt.UTC()}
}

// fieldsView are all of them: there are never many.
type fieldsView struct {
	Items []fieldView `json:"items" nullable:"false" doc:"By name."`
}

func (s *Server) fields(ctx context.Context, _ *struct{}) (*reply[fieldsView], error) {
	all, err := s.store.Fields(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := fieldsView{Items: []fieldView{}}
	for _, f := range all {
		v.Items = append(v.Items, fieldViewOf(f))
	}
	return &reply[fieldsView]{Body: v}, nil
}

func (s *Server) createField(ctx context.Context, _ *asking, body newField, bad *fault.Problems) (*created[fieldView], error) {
	f := models.Field{AccountID: accountOf(ctx), Name: body.Name, Type: field.Type(body.Type)}
	if err := add(bad, f.Check(), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the field"); err != nil {
		return nil, err
	}
	f, err := s.store.AddField(ctx, f)
	if err != nil {
		return nil, err
	}
	return &created[fieldView]{Location: "/v1/fields/" + f.Name, Body: fieldViewOf(f)}, nil
}

func (s *Server) deleteField(ctx context.Context, in *struct {
	Name string `path:"name" doc:"Its name."`
},
) (*struct{}, error) {
	return nil, s.store.DeleteField(ctx, accountOf(ctx), in.Name)
}

// typedValue is the value of a custom field in JSON: a string, a number, true or false;
// null takes it away.
type typedValue struct{ json.RawMessage }

// Schema implements huma.SchemaProvider.
func (typedValue) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Description: "A string, a number, true or false; null takes it away.", Examples: []any{"gold", 41.5, true}}
}

func (v typedValue) null() bool { return len(v.RawMessage) == 0 || string(v.RawMessage) == "null" }

// text is the value as rules/field reads it; no text and true is none.
func (v typedValue) text() (s string, ok bool) {
	switch {
	case v.null():
		return "", true
	case v.RawMessage[0] == '{', v.RawMessage[0] == '[':
		return "", false
	case v.RawMessage[0] == '"':
		return s, json.Unmarshal(v.RawMessage, &s) == nil
	}
	return string(v.RawMessage), true
}

// typedFields shows the values of fields that are defined. A value from before its field
// had this type is not shown.
func typedFields(v field.Values, set field.Set) map[string]any {
	out := make(map[string]any, len(v))
	for name, value := range v {
		is, known := set[name]
		if canonical, err := field.Parse(is, value); !known || err != nil || canonical != value {
			continue
		}
		switch is {
		case field.Number:
			out[name] = json.Number(value)
		case field.Boolean:
			out[name] = value == "true"
		case field.Text, field.Date:
			out[name] = value
		}
	}
	return out
}
