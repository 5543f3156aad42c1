// Package cm speaks CM.com's Business Messaging Gateway for one product token: it hands
// texts over in batches and reads CM's webhooks, which carry no signature. CM cannot be
// asked what became of a text and accepts the same reference twice, so a lost answer
// stays a text whose fate nobody knows until a report comes.
package cm
