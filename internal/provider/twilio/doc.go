// Package twilio speaks Twilio's Programmable Messaging API for one provider account:
// it hands texts over, looks lost ones up and reads Twilio's webhooks. It is the only
// package that imports twilio-go. It does not retry, keep a pace or remember
// anything: a failure is classed and given back.
package twilio
