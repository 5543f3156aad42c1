package postgres

import (
	"os"
	"syscall"
)

// mapUser runs the process in a user namespace where the caller's number appears as
// the account's. The number must exist in the account table: initdb looks it up.
func mapUser(a *syscall.SysProcAttr, i identity) {
	a.Cloneflags = syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: i.uid, HostID: os.Geteuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: i.gid, HostID: os.Getegid(), Size: 1}}
}
