package place

import "strings"

// Noted reads back what a message keeps of its place: Key, a space and the version of the
// rules. What cannot be read gives nothing: it was noted by another release, or not at all.
func Noted(note string) (zones []string, version string) {
	words := strings.Fields(note)
	if len(words) < 2 {
		return nil, ""
	}
	for _, word := range words[1 : len(words)-1] {
		if all := strings.Split(word, ","); allZones(all) {
			zones = all
		}
	}
	return zones, words[len(words)-1]
}

func allZones(names []string) bool {
	for _, n := range names {
		if !validZone(n) {
			return false
		}
	}
	return true
}
