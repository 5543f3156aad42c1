// Package telnyx speaks Telnyx's Messages API (v2) for one provider account: it hands
// texts over, looks up those whose Telnyx id is known and reads Telnyx's webhooks,
// which are signed with Ed25519. It does not retry, keep a pace or remember anything: a
// failure is classed and given back.
package telnyx
