package postgres

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"

	"trackly/internal/fault"
)

const host = "127.0.0.1"

// choosePort takes the wanted port, else the one remembered from last time, else a
// free one. A wanted port that is taken is the user's to sort out; a remembered one
// is given up.
func (c cluster) choosePort(ctx context.Context, wanted int) (int, error) {
	if wanted != 0 {
		if _, err := tryListen(ctx, wanted); err != nil {
			return 0, fault.Wrap(err, fault.Conflict, "port %d is taken by another program", wanted)
		}
		return wanted, nil
	}
	if p, ok := c.rememberedPort(); ok {
		if _, err := tryListen(ctx, p); err == nil {
			return p, nil
		}
	}
	p, err := tryListen(ctx, 0)
	if err != nil {
		return 0, fault.Wrap(err, fault.Broken, "find a free port")
	}
	return p, writeWhole(c.portFile(), strconv.Itoa(p))
}

func (c cluster) rememberedPort() (int, bool) {
	raw, err := os.ReadFile(c.portFile())
	if err != nil {
		return 0, false
	}
	p, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	return p, err == nil && p > 0 && p < 1<<16
}

// tryListen opens and closes a port to see that it is free; 0 lets the system choose.
func tryListen(ctx context.Context, port int) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fault.New(fault.Internal, "a TCP listener without a TCP address")
	}
	return addr.Port, nil
}
