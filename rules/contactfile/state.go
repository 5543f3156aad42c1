package contactfile

// StateOf gives the two letters of a US state, from them or from its name, for contacts
// that come otherwise than in a file.
func StateOf(s string) (code string, ok bool) { return stateOf(s) }
