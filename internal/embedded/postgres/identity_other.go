//go:build !linux

package postgres

import "syscall"

// mapUser has no counterpart outside Linux; the account gets the folder or nothing.
func mapUser(a *syscall.SysProcAttr, i identity) {
	a.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)} //nolint:gosec // ids come from the account table and fit
}
