package models

// Handover is what the batches of one source have in common: from where, by which rules,
// with which texts. The opened credentials never leave the process.
type Handover struct {
	Source
	Campaign    Campaign // zero for single texts
	List        List
	Settings    Settings            // the account's
	Credentials map[int]Credentials // by the route's rank
	Creatives   map[int]Creative    // by variant number
	Domains     []LinkDomain        // the list's
}
