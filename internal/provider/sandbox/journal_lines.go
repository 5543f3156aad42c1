package sandbox

import (
	"strconv"
	"time"
)

// writeAccepted writes down many texts in one go. Lines are written by hand: a thousand
// texts a request through reflection would be most of what a request costs.
func (j *journal) writeAccepted(recs []Record) error {
	if j == nil {
		return nil
	}
	b := make([]byte, 0, len(recs)*512)
	for i := range recs {
		b = appendAccepted(b, &recs[i])
	}
	_, err := j.file.Write(b)
	return err
}

// writeFinished notes many texts about which nothing more is owed.
func (j *journal) writeFinished(texts []*text) error {
	if j == nil {
		return nil
	}
	b := make([]byte, 0, len(texts)*64)
	for _, t := range texts {
		b = append(appendField(b, `{"finished":`, t.key()), "}\n"...)
	}
	_, err := j.file.Write(b)
	return err
}

// appendAccepted writes the line of entry{Accepted: r, Token: r.Token}.
func appendAccepted(b []byte, r *Record) []byte {
	b = appendRecord(append(b, `{"accepted":`...), r)
	b = appendOptional(b, `,"token":`, r.Token)
	return append(b, "}\n"...)
}

// appendRecord writes what encoding/json would.
func appendRecord(b []byte, r *Record) []byte {
	b = appendField(b, `{"provider":`, r.Provider)
	b = appendField(b, `,"sid":`, r.SID)
	b = appendField(b, `,"account_sid":`, r.Account)
	b = strconv.AppendInt(append(b, `,"message_id":`...), r.MessageID, 10)
	b = appendOptional(b, `,"reference":`, r.Reference)
	b = appendField(b, `,"from":`, r.From)
	b = appendField(b, `,"to":`, r.To)
	b = appendField(b, `,"body":`, r.Body)
	b = strconv.AppendInt(append(b, `,"num_segments":`...), int64(r.Segments), 10)
	b = r.At.AppendFormat(append(b, `,"at":"`...), time.RFC3339Nano)
	b = appendOptional(append(b, '"'), `,"status_url":`, r.StatusURL)
	b = appendOptional(b, `,"bulk_id":`, r.BulkID)
	b = appendOptional(b, `,"callback_data":`, r.CallbackData)
	if r.Intermediate {
		b = append(b, `,"intermediate":true`...)
	}
	return append(b, '}')
}

// appendOptional leaves a field without a value out.
func appendOptional(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendField(b, key, value)
}
