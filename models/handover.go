package models

// Handover is what the batches of a campaign have in common: from where, with which
// texts. ProviderToken is the list's opened token; it never leaves the process.
type Handover struct {
	Campaign      Campaign
	List          List
	ProviderToken string
	Creatives     map[int]Creative // by variant number
}
