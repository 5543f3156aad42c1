package config

import (
	"crypto/hkdf"
	"crypto/sha256"
	"strings"
)

const keyBytes = 32

// Keys are the installation's own keys, 32 bytes each in base64. The seal may be rotated:
// the new one becomes seal, the one before moves to seal_old until "trackly keys reseal"
// has run. Changing links makes what was made with it unreadable: links in phones,
// webhook addresses at providers, the hashes of erased phones.
type Keys struct {
	Seal    Secret // encrypts provider credentials at rest
	SealOld Secret `mapstructure:"seal_old"` // older seals, newest first, with commas between them
	Links   Secret // turns message numbers into short codes
}

func (k Keys) check() (errs []error) {
	for key, s := range map[string]Secret{"keys.seal": k.Seal, "keys.links": k.Links} {
		if b, err := s.Bytes(); err != nil || len(b) != keyBytes {
			errs = append(errs, wrong(key, "must be 32 bytes in base64; make one with: openssl rand -base64 32"))
		}
	}
	for _, s := range k.older() {
		if b, err := s.Bytes(); err != nil || len(b) != keyBytes {
			errs = append(errs, wrong("keys.seal_old", "must be keys of 32 bytes in base64, with commas between them"))
			break
		}
	}
	return errs
}

func (k Keys) older() (all []Secret) {
	for s := range strings.SplitSeq(k.SealOld.Reveal(), ",") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, Secret(s))
		}
	}
	return all
}

// Seals are the sealing keys: the first one seals, all of them open.
func (k Keys) Seals() ([][]byte, error) {
	var all [][]byte
	for _, s := range append([]Secret{k.Seal}, k.older()...) {
		b, err := s.Bytes()
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// Derive makes a key for one purpose from the links key (HKDF, RFC 5869): whoever learns
// one of them learns none of the others.
func (k Keys) Derive(purpose string) ([]byte, error) {
	links, err := k.Links.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, links, nil, purpose, keyBytes)
}
