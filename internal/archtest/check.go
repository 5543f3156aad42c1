package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The hard limits. Most files and functions are far below; one that meets them has
// two subjects.
const (
	maxFileLines     = 500
	maxFunctionLines = 80
)

// source is one Go file; its name is relative to the module, with slashes.
type source struct {
	name string
	text string
}

func (s source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// check gives every complaint about one file.
func check(s source) ([]string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, s.name, s.text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	out := s.checkFolder()
	if !s.test() {
		out = append(out, s.checkImports(file)...)
		out = append(out, s.checkFunctions(set, file)...)
	}
	if n := strings.Count(s.text, "\n"); n > maxFileLines && !ast.IsGenerated(file) {
		out = append(out, fmt.Sprintf("%s has %d lines, at most %d are allowed: it has two subjects", s.name, n, maxFileLines))
	}
	return out, nil
}

func (s source) checkFolder() (out []string) {
	for part := range strings.SplitSeq(path.Dir(s.name), "/") {
		if slices.Contains(badNames(), part) {
			out = append(out, fmt.Sprintf("%s: no folder is called %s, say what is in it", s.name, part))
		}
	}
	if _, ok := s.room(); !ok {
		out = append(out, s.name+": this room is not on the plan")
	}
	return out
}

func (s source) room() (room, bool) {
	for _, r := range rooms() {
		if strings.HasPrefix(s.name, r.path) {
			return r, true
		}
	}
	return room{}, false
}

func (s source) checkImports(file *ast.File) (out []string) {
	r, _ := s.room()
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser accepts only quoted paths
		}
		if own, ok := strings.CutPrefix(imported, module); ok {
			if !r.allows(own) {
				out = append(out, fmt.Sprintf("%s imports %s: %s", s.name, own, r.why))
			}
			continue
		}
		out = append(out, s.checkLibrary(imported)...)
	}
	return out
}

func (s source) checkLibrary(imported string) (out []string) {
	for _, l := range libraries() {
		if within(imported, l.path) && !inAny(s.name, l.owners) {
			out = append(out, fmt.Sprintf("%s imports %s, which belongs to %s", s.name, imported, strings.Join(l.owners, ", ")))
		}
	}
	if within(s.name, "rules") && inAny(imported, impure()) {
		out = append(out, fmt.Sprintf("%s imports %s: a rule is computed from its arguments alone", s.name, imported))
	}
	return out
}

func (s source) checkFunctions(set *token.FileSet, file *ast.File) (out []string) {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > maxFunctionLines {
			out = append(out, fmt.Sprintf("%s: %s has %d lines, at most %d are allowed", s.name, f.Name.Name, n, maxFunctionLines))
		}
		if f.Recv == nil && f.Name.Name == "init" {
			out = append(out, s.name+": no init functions, the order of a start is written in one place")
		}
	}
	return out
}
