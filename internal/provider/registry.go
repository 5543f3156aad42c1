package provider

import (
	"maps"
	"slices"
	"strings"

	"trackly/internal/fault"
)

// Registry knows every adapter of this binary by its name.
type Registry map[string]Dialer

// NewRegistry names the dialers by their own capabilities.
func NewRegistry(dialers ...Dialer) Registry {
	r := Registry{}
	for _, d := range dialers {
		r[d.Capabilities().Name] = d
	}
	return r
}

// LookingUp names the adapters that look phones up.
func (r Registry) LookingUp() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r)) {
		if r[name].Capabilities().LooksUp {
			names = append(names, name)
		}
	}
	return names
}

// Dialer finds an adapter, or says which there are.
func (r Registry) Dialer(name string) (Dialer, error) {
	if d, ok := r[name]; ok {
		return d, nil
	}
	known := slices.Sorted(maps.Keys(r))
	return nil, fault.New(fault.Invalid, "no provider is called %q; there are: %s", name, strings.Join(known, ", "))
}
