package archtest

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// foreign folders hold other modules, results or nothing of ours.
func foreign() []string {
	return []string{".git", "build", "data", "tools", "testdata", "node_modules"}
}

// tree reads every Go file of the module.
func tree(root fs.FS) (out []source, err error) {
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(foreign(), path.Base(name)):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		out = append(out, source{name: name, text: string(text)})
		return err
	})
	return out, err
}
