-- +goose Up

-- A custom field has a type, so that 9 is less than 10. What contacts had before is text.
CREATE TABLE fields (
    account_id uuid NOT NULL REFERENCES accounts (id),
    name       text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,63}$'),
    type       text NOT NULL CHECK (type IN ('text', 'number', 'boolean', 'date')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, name)
);
INSERT INTO fields (account_id, name, type)
SELECT account_id, name, 'text' FROM (
    SELECT s.account_id, k AS name, row_number() OVER (PARTITION BY s.account_id ORDER BY k) AS n
      FROM subscriptions s, jsonb_object_keys(s.fields) k
     WHERE k ~ '^[a-z][a-z0-9_]{0,63}$' GROUP BY s.account_id, k) f
 WHERE n <= 64;

-- What a look-up learned of a phone; empty: nobody asked.
ALTER TABLE contacts
    ADD carrier      text NOT NULL DEFAULT '',
    ADD line_type    text NOT NULL DEFAULT ''
        CHECK (line_type IN ('', 'mobile', 'landline', 'voip', 'toll_free', 'other')),
    ADD looked_up_at timestamptz;

-- Look-ups cost money; what each account asked for is counted.
CREATE TABLE lookups (
    account_id uuid   NOT NULL REFERENCES accounts (id),
    day        date   NOT NULL, -- UTC
    provider   text   NOT NULL,
    asked      bigint NOT NULL DEFAULT 0, -- paid
    cached     bigint NOT NULL DEFAULT 0, -- known already
    failed     bigint NOT NULL DEFAULT 0,
    cost       bigint NOT NULL DEFAULT 0, -- micro-units of the account's currency
    PRIMARY KEY (account_id, day, provider)
);

ALTER TABLE subscriptions
    ADD signup_method text   NOT NULL DEFAULT 'import',
    -- Where the contact is, as rules/place read its facts when the row was written: for
    -- audiences. Quiet hours are judged by the facts themselves.
    ADD at_state      text   NOT NULL DEFAULT '', -- empty: unknown, or one of several
    ADD at_zones      text[] NOT NULL DEFAULT '{}';

-- For equality, which is what @> asks; ranges read the rows. Other indexes for audiences
-- were measured and dropped: docs/adr/0014.
CREATE INDEX subscriptions_by_fields ON subscriptions USING gin (fields jsonb_path_ops);

-- When the person gave a permission, as whoever brought it says; at is when it was written down.
ALTER TABLE consents ADD given_at timestamptz;

-- What a subscription has got and done: in a table of its own, because a row here is
-- written with every text and a subscription has many indexes. A campaign writes every row
-- of a page in one go, so half of a page is kept free: then all of them stay on it (HOT).
CREATE TABLE totals (
    subscription_id   bigint  PRIMARY KEY,
    -- Texts of a campaign, of the API and of a reply. Answers to STOP and HELP, passcodes
    -- and tests are no marketing. What was sent once counts, whatever became of it then.
    send_count        integer NOT NULL DEFAULT 0,
    click_count       integer NOT NULL DEFAULT 0,
    conversion_count  integer NOT NULL DEFAULT 0,
    revenue           bigint  NOT NULL DEFAULT 0, -- micro-units of the account's currency
    last_sent_at      timestamptz,
    last_clicked_at   timestamptz,
    last_converted_at timestamptz
) WITH (fillfactor = 45);

-- Whether totals are kept of whom a redacted message went to: a text that was in flight
-- during an erasure, or a link that is tapped later, must not begin them anew.
-- +goose StatementBegin
CREATE FUNCTION has_phone(subscription bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
                    WHERE s.id = subscription AND c.phone IS NOT NULL)
$$;
-- +goose StatementEnd

-- Totals agree with the messages because the statement that sends messages moves them. A
-- message is sent once: sent_at is set once and is never taken back.
-- +goose StatementBegin
CREATE FUNCTION count_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Claims and callbacks, which are most statements, send nothing.
    IF (SELECT count(sent_at) FROM old_rows) = (SELECT count(sent_at) FROM new_rows) THEN
        RETURN NULL;
    END IF;
    -- No join of old and new: its plan is kept for the session, and one that was made for
    -- a single row would compare every old row of a large statement with every new one.
    -- In subscription order, so that two statements over the same people never wait in a ring.
    INSERT INTO totals AS t (subscription_id, send_count, last_sent_at)
    SELECT subscription_id, sum(n), max(sent_at)
      FROM (SELECT subscription_id, kind, redacted_at, sent_at, -1 AS n FROM old_rows WHERE sent_at IS NOT NULL
            UNION ALL
            SELECT subscription_id, kind, redacted_at, sent_at, 1 AS n FROM new_rows WHERE sent_at IS NOT NULL) moves
     WHERE kind IN ('campaign', 'api', 'reply')
     GROUP BY subscription_id HAVING sum(n) > 0 AND (count(redacted_at) = 0 OR has_phone(subscription_id))
     ORDER BY subscription_id
    ON CONFLICT (subscription_id) DO UPDATE
       SET send_count = t.send_count + excluded.send_count, last_sent_at = greatest(t.last_sent_at, excluded.last_sent_at);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Triggers fire in the order of their names: this one before messages_counted. A batch's
-- row, for which others wait, is then locked only at the end.
CREATE TRIGGER messages_add_up AFTER UPDATE ON messages
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sent();

-- The trigger's lock holds up whoever sends meanwhile, so no text is missed.
INSERT INTO totals (subscription_id, send_count, click_count, last_sent_at, last_clicked_at)
SELECT m.subscription_id, count(m.sent_at), coalesce(sum(k.n), 0), max(m.sent_at), max(k.at)
  FROM messages m
  LEFT JOIN (SELECT message_id, count(*) AS n, max(at) AS at FROM clicks GROUP BY message_id) k ON k.message_id = m.id
 WHERE m.kind IN ('campaign', 'api', 'reply') AND (m.sent_at IS NOT NULL OR k.n > 0)
   AND (m.redacted_at IS NULL OR has_phone(m.subscription_id))
 GROUP BY m.subscription_id;

-- An audience is a saved filter, or its frozen result.
CREATE TABLE audiences (
    id         uuid PRIMARY KEY,
    account_id uuid  NOT NULL REFERENCES accounts (id),
    name       text  NOT NULL CHECK (name <> ''),
    kind       text  NOT NULL CHECK (kind IN ('dynamic', 'static')),
    filter     jsonb NOT NULL,
    size       bigint,      -- of a static one
    frozen_at  timestamptz, -- the same
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz, -- kept where a campaign was sent to it
    CHECK ((kind = 'static') = (frozen_at IS NOT NULL) AND (kind = 'static') = (size IS NOT NULL))
);
CREATE INDEX audiences_by_account ON audiences (account_id, id);

CREATE TABLE audience_members (
    audience_id     uuid   NOT NULL REFERENCES audiences (id),
    subscription_id bigint NOT NULL,
    PRIMARY KEY (audience_id, subscription_id)
);

-- A campaign may go out from several lists; campaigns.list_id is the first of them.
CREATE TABLE campaign_lists (
    campaign_id uuid     NOT NULL REFERENCES campaigns (id),
    number      smallint NOT NULL CHECK (number >= 1),
    list_id     uuid     NOT NULL REFERENCES lists (id),
    PRIMARY KEY (campaign_id, number),
    UNIQUE (campaign_id, list_id)
);
INSERT INTO campaign_lists (campaign_id, number, list_id) SELECT id, 1, list_id FROM campaigns;

CREATE TABLE campaign_audiences (
    campaign_id uuid    NOT NULL REFERENCES campaigns (id),
    audience_id uuid    NOT NULL REFERENCES audiences (id),
    exclude     boolean NOT NULL,
    PRIMARY KEY (campaign_id, audience_id)
);

ALTER TABLE campaigns
    -- A wall clock time, such as 2026-11-26T09:00: each contact's own nine o'clock.
    ADD local_time text NOT NULL DEFAULT '' CHECK (local_time ~ '^(|\d{4}-\d\d-\d\dT\d\d:\d\d)$');

-- A campaign's batch is of one list and one wave. Batches frozen by the release before
-- have no list of their own: theirs is the campaign's.
-- (The constraint of 00002 allowed a list only without a campaign.)
ALTER TABLE batches
    DROP CONSTRAINT batches_check1,
    ADD CHECK (campaign_id IS NOT NULL OR list_id IS NOT NULL),
    -- When its wave goes out by the contacts' own clocks. not_before begins there and is
    -- gone once somebody has taken the batch.
    ADD wave_at timestamptz;

-- An import is a file on its way into a list.
ALTER TABLE imports
    ADD state       text   NOT NULL DEFAULT 'done' CHECK (state IN
        ('uploading', 'uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')),
    ADD reason      text   NOT NULL DEFAULT '', -- why it failed or was cancelled
    ADD file_name   text   NOT NULL DEFAULT '',
    ADD file_bytes  bigint NOT NULL DEFAULT 0,
    ADD encoding    text   NOT NULL DEFAULT '',
    ADD delimiter   text   NOT NULL DEFAULT '',
    ADD columns     jsonb  NOT NULL DEFAULT '[]',
    ADD options     jsonb  NOT NULL DEFAULT '{}',
    ADD bytes_read  bigint NOT NULL DEFAULT 0, -- of the file, by the staging
    ADD position    bigint NOT NULL DEFAULT 0, -- rows that are merged, or checked; they are numbered from 1
    ADD staged      boolean NOT NULL DEFAULT false,
    ADD other_lists bigint NOT NULL DEFAULT 0, -- of the added and merged: contacts who are on another list of the account too
    ADD reasons     jsonb  NOT NULL DEFAULT '{}',
    ADD looked_up   jsonb, -- what came of the look-ups, once they have ended
    ADD changed_at  timestamptz NOT NULL DEFAULT now(),
    ADD started_at  timestamptz,
    ADD finished_at timestamptz,
    DROP CONSTRAINT imports_check,
    ADD CHECK (state <> 'done' OR rows_read = refused + added + merged + opted_out);
CREATE INDEX imports_unfinished ON imports (changed_at) WHERE state NOT IN ('done', 'failed', 'cancelled');

-- The file as it was uploaded, until the import has come to an end.
CREATE TABLE import_chunks (
    import_id uuid    NOT NULL REFERENCES imports (id),
    number    integer NOT NULL CHECK (number >= 0),
    data      bytea   NOT NULL,
    PRIMARY KEY (import_id, number)
);
ALTER TABLE import_chunks ALTER data SET STORAGE EXTERNAL;

-- The pages of rows that are merged, or checked. A page's line is written in the
-- transaction that merges it, so a page never counts twice.
CREATE TABLE import_pages (
    import_id   uuid   NOT NULL REFERENCES imports (id),
    first       bigint NOT NULL,
    last        bigint NOT NULL,
    refused     bigint NOT NULL DEFAULT 0, -- besides what the file itself was refused for
    added       bigint NOT NULL DEFAULT 0,
    merged      bigint NOT NULL DEFAULT 0,
    opted_out   bigint NOT NULL DEFAULT 0,
    other_lists bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, first)
);

-- Every import has a table like this while it runs, in which rows wait to be merged. It
-- is not logged: after a crash of Postgres it is empty, and the file is read again.
CREATE TABLE import_rows (
    number       bigint NOT NULL, -- from 1, without gaps
    line         bigint NOT NULL,
    phone        text   NOT NULL,
    region       text   NOT NULL,
    zones        text[] NOT NULL,
    first_name   text   NOT NULL,
    last_name    text   NOT NULL,
    state        text   NOT NULL,
    zone         text   NOT NULL,
    postal       text   NOT NULL,
    at_state     text   NOT NULL,
    at_zones     text[] NOT NULL,
    fields       jsonb  NOT NULL,
    phone_hash   bytea,
    consented_at   timestamptz,
    consent_ip     text NOT NULL,
    consent_url    text NOT NULL,
    consent_text   text NOT NULL,
    consent_method text NOT NULL,
    consent_agent  text NOT NULL,
    column_name  text   NOT NULL,
    value        text   NOT NULL,
    reason       text   NOT NULL, -- empty: the row is good
    message      text   NOT NULL
);

-- An import's rows are made in the transaction that has just found the list and written
-- the contacts, and neither of them is ever deleted. The checks of these keys run for
-- every row, and lock the rows of one account and one list a million times.
ALTER TABLE subscriptions
    DROP CONSTRAINT subscriptions_account_id_fkey,
    DROP CONSTRAINT subscriptions_list_id_fkey,
    DROP CONSTRAINT subscriptions_contact_id_fkey;
ALTER TABLE consents DROP CONSTRAINT consents_account_id_fkey;
