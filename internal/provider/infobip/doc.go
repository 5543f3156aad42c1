// Package infobip speaks Infobip's SMS API v3 for one provider account: it hands texts
// over in batches, looks lost ones up by the ids it gave them and reads Infobip's
// webhooks, which carry no signature. It does not retry, keep a pace or remember
// anything.
package infobip
