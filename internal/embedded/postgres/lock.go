package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"trackly/internal/fault"
)

// lockDir makes dir and takes its lock, so that two starts at once make one cluster.
// The lock dies with the process: a killed start locks nobody out.
func lockDir(ctx context.Context, dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the server's account must pass through; the secrets inside are 0600
		return nil, fault.Wrap(err, fault.Broken, "make %s", dir)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // a fixed name in the folder we were given
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "open the lock of %s", dir)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fault.Wrap(err, fault.Broken, "lock %s", dir), f.Close())
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return nil, errors.Join(fault.Wrap(err, fault.Broken, "another start holds %s", dir), f.Close())
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
