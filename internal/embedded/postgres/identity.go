package postgres

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"trackly/internal/fault"
)

// identity is whom the server runs as. PostgreSQL refuses to run as root, so a caller
// who is root has to become somebody else.
type identity struct {
	uid, gid int
	// mapped means: stay the caller, but inside a user namespace in which root has the
	// number of uid. It needs no rights on the folders above the cluster.
	mapped bool
	self   bool
}

// accounts are tried in order by a caller who is root; packages create the first.
func accounts() []string { return []string{"postgres", "_postgres", "nobody"} }

// chooseIdentity decides for a cluster below dir. An existing cluster has the last
// word: its owner is the only one PostgreSQL accepts.
func chooseIdentity(dir, data string) (identity, error) {
	account, err := lookAccount()
	if os.Geteuid() == 0 && err != nil {
		return identity{}, err
	}
	if owner, ok := ownerOf(data); ok {
		return identityOfOwner(owner, account, data)
	}
	if os.Geteuid() != 0 {
		return identity{self: true}, nil
	}
	account.mapped = closedParent(dir) != ""
	return account, nil
}

func identityOfOwner(owner int, account identity, data string) (identity, error) {
	switch {
	case owner == os.Geteuid() && owner != 0:
		return identity{self: true}, nil
	case os.Geteuid() != 0:
		return identity{}, fault.New(fault.Conflict, "%s belongs to another user (number %d): start as that user", data, owner)
	case owner == 0:
		account.mapped = true
		return account, nil
	}
	account.uid = owner
	if u, err := user.LookupId(strconv.Itoa(owner)); err == nil {
		account.gid, _ = strconv.Atoi(u.Gid)
	}
	return account, nil
}

func lookAccount() (identity, error) {
	for _, name := range accounts() {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil && uid > 0 {
			return identity{uid: uid, gid: gid}, nil
		}
	}
	return identity{}, fault.New(fault.Conflict, "PostgreSQL refuses to run as root and this machine has none of the accounts %v: start as an ordinary user", accounts())
}

// attributes are those of a process that runs as this identity. A process group of
// its own keeps Ctrl-C in a terminal from reaching the server before our own stop:
// the product still has rows to write when it is told to end.
func (i identity) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case i.self:
	case i.mapped:
		mapUser(a, i)
	default:
		a.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)} //nolint:gosec // ids come from the account table and fit
	}
	return a
}

// own hands a file or folder that we made to whoever runs the server.
func (i identity) own(path string) error {
	if i.self || i.mapped {
		return nil
	}
	if err := os.Chown(path, i.uid, i.gid); err != nil {
		return fault.Wrap(err, fault.Broken, "hand %s to the server's account", path)
	}
	return nil
}

// closedParent is the first folder on the way to dir that strangers cannot pass
// through, or empty. Such a folder (/root, most homes) hides the cluster from the
// server's account.
func closedParent(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func ownerOf(path string) (int, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(st.Uid), true
}
