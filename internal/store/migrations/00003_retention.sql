-- +goose Up

-- When a text was taken away: its body was not empty all along.
ALTER TABLE messages ADD redacted_at timestamptz;

-- What has grown old is found without a time index on the hot table: by its batch. The
-- index holds only batches with texts that are still kept.
ALTER TABLE batches ADD redacted_at timestamptz;
CREATE INDEX batches_unredacted ON batches (account_id, id) WHERE redacted_at IS NULL;

-- The words that ended or gave permission are evidence; only the others grow old.
ALTER TABLE inbound_messages ADD redacted_at timestamptz;
CREATE INDEX inbound_unredacted ON inbound_messages (account_id, id)
    WHERE redacted_at IS NULL AND verdict IN ('none', 'help');

-- Somebody who came back by START may ask to be erased again: each time leaves a row.
ALTER TABLE erasures
    DROP CONSTRAINT erasures_pkey,
    ADD PRIMARY KEY (account_id, phone_hash, contact_id),
    ADD asked_by text NOT NULL DEFAULT '',
    ADD reason   text NOT NULL DEFAULT '';
