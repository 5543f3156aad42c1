package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// binaries are the product's programs.
type binaries struct{ trackly, standalone string }

// buildBinaries builds what is not there already. The folder is kept: linking the
// workflow engine takes longer than a round.
func buildBinaries(ctx context.Context, dir string) (binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // programs are no secret
		return binaries{}, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), "trackly/cmd/trackly", "trackly/cmd/standalone") //nolint:gosec // our own folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return binaries{}, fmt.Errorf("build the product: %w\n%s", err, out)
	}
	return binaries{trackly: filepath.Join(dir, "trackly"), standalone: filepath.Join(dir, "standalone")}, nil
}
