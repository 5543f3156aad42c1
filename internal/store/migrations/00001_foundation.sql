-- +goose Up

CREATE TABLE accounts (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
    id         uuid PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts (id),
    email      text        NOT NULL CHECK (email = lower(email) AND email LIKE '%_@_%'),
    name       text        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, email)
);

-- Only the hash is kept: whoever reads this table cannot call the API with it.
CREATE TABLE api_keys (
    id         uuid PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts (id),
    name       text        NOT NULL,
    prefix     text        NOT NULL,
    hash       bytea       NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

-- What a request with an Idempotency-Key made, written in the same transaction.
CREATE TABLE idempotency_keys (
    account_id   uuid        NOT NULL REFERENCES accounts (id),
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea       NOT NULL,
    resource_id  text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);

CREATE TABLE lists (
    id             uuid PRIMARY KEY,
    account_id     uuid        NOT NULL REFERENCES accounts (id),
    name           text        NOT NULL CHECK (name <> ''),
    brand          text        NOT NULL,
    phone          text        NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    provider       text        NOT NULL,
    provider_sid   text        NOT NULL,
    -- AES-256-GCM, sealed with the key from the configuration and bound to the list's id.
    provider_token bytea       NOT NULL,
    base_url       text        NOT NULL,
    link_url       text        NOT NULL,
    prepend_brand  boolean     NOT NULL,
    opt_out_line   text        NOT NULL,
    state          text        NOT NULL CHECK (state IN ('active', 'paused')),
    reason         text        NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lists_by_account ON lists (account_id, id);

-- A contact is global: one row for a phone, whoever texts it.
CREATE TABLE contacts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone      text        NOT NULL UNIQUE CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    region     text        NOT NULL DEFAULT '',
    zones      text[]      NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE subscriptions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   uuid        NOT NULL REFERENCES accounts (id),
    list_id      uuid        NOT NULL REFERENCES lists (id),
    contact_id   bigint      NOT NULL REFERENCES contacts (id),
    status       text        NOT NULL DEFAULT 'active'
                 CHECK (status IN ('active', 'opted_out', 'invalid', 'suppressed')),
    first_name   text        NOT NULL DEFAULT '',
    last_name    text        NOT NULL DEFAULT '',
    state        text        NOT NULL DEFAULT '',
    fields       jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(fields) = 'object'),
    signup_at    timestamptz NOT NULL DEFAULT now(),
    opted_out_at timestamptz,
    UNIQUE (list_id, contact_id),
    CHECK ((status = 'opted_out') = (opted_out_at IS NOT NULL))
);
CREATE INDEX subscriptions_by_list ON subscriptions (account_id, list_id, id);

CREATE TABLE imports (
    id          uuid PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts (id),
    list_id     uuid        NOT NULL REFERENCES lists (id),
    file_hash   bytea       NOT NULL,
    rows_read   bigint      NOT NULL,
    refused     bigint      NOT NULL,
    added       bigint      NOT NULL,
    merged      bigint      NOT NULL,
    opted_out   bigint      NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (rows_read = refused + added + merged + opted_out)
);
CREATE INDEX imports_by_account ON imports (account_id, id);

CREATE TABLE import_refusals (
    import_id uuid    NOT NULL REFERENCES imports (id),
    number    bigint  NOT NULL,
    line      bigint  NOT NULL,
    column_name text  NOT NULL,
    value     text    NOT NULL,
    reason    text    NOT NULL,
    message   text    NOT NULL,
    PRIMARY KEY (import_id, number)
);

-- Append-only proof. It has no foreign key to the subscription: it outlives it.
CREATE TABLE consents (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id      uuid        NOT NULL REFERENCES accounts (id),
    list_id         uuid        NOT NULL,
    contact_id      bigint      NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('opt_in', 'opt_out')),
    method          text        NOT NULL,
    evidence        text        NOT NULL DEFAULT '',
    import_id       uuid,
    inbound_id      bigint,
    at              timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX consents_by_contact ON consents (account_id, contact_id, id);

CREATE TABLE creatives (
    id         uuid PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts (id),
    name       text        NOT NULL CHECK (name <> ''),
    body       text        NOT NULL CHECK (length(body) BETWEEN 1 AND 1600),
    status     text        NOT NULL CHECK (status IN ('active', 'paused', 'archived')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX creatives_by_account ON creatives (account_id, id);

CREATE TABLE creative_links (
    creative_id uuid     NOT NULL REFERENCES creatives (id),
    number      smallint NOT NULL CHECK (number BETWEEN 1 AND 8),
    url         text     NOT NULL CHECK (url ~ '^https?://'),
    PRIMARY KEY (creative_id, number)
);

CREATE TABLE campaigns (
    id          uuid PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts (id),
    list_id     uuid        NOT NULL REFERENCES lists (id),
    name        text        NOT NULL CHECK (name <> ''),
    state       text        NOT NULL
                CHECK (state IN ('draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled')),
    reason      text        NOT NULL DEFAULT '',
    filter      jsonb       NOT NULL,
    send_at     timestamptz,
    planned     bigint,
    launched_at timestamptz,
    started_at  timestamptz,
    finished_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- A campaign that sends has a frozen audience and a start time.
    CHECK (state NOT IN ('sending', 'sent') OR (planned IS NOT NULL AND started_at IS NOT NULL)),
    CHECK ((state IN ('sent', 'cancelled')) = (finished_at IS NOT NULL)),
    CHECK (state = 'draft' OR state = 'cancelled' OR launched_at IS NOT NULL)
);
CREATE INDEX campaigns_by_account ON campaigns (account_id, id);
-- The keeper looks here for launched campaigns that no workflow looks after.
CREATE INDEX campaigns_unfinished ON campaigns (launched_at) WHERE state IN ('scheduled', 'sending', 'paused');

CREATE TABLE variants (
    campaign_id uuid     NOT NULL REFERENCES campaigns (id),
    number      smallint NOT NULL,
    name        text     NOT NULL,
    creative_id uuid     NOT NULL REFERENCES creatives (id),
    percent     smallint NOT NULL CHECK (percent BETWEEN 1 AND 100),
    PRIMARY KEY (campaign_id, number)
);

-- A batch is a run of neighbouring message ids, handed over by one activity at a time.
-- Its id is its first message's id: every value of the sequence reserves 500 ids.
CREATE SEQUENCE batch_ids START WITH 500 INCREMENT BY 500;

CREATE TABLE batches (
    id          bigint PRIMARY KEY,
    account_id  uuid    NOT NULL REFERENCES accounts (id),
    campaign_id uuid    NOT NULL REFERENCES campaigns (id),
    number      integer NOT NULL,
    size        integer NOT NULL CHECK (size BETWEEN 1 AND 500),
    -- Who may hand over now. A new holder ends the rights of the one before.
    holder      uuid,
    claimed     integer NOT NULL DEFAULT 0,
    sent        integer NOT NULL DEFAULT 0,
    skipped     integer NOT NULL DEFAULT 0,
    failed      integer NOT NULL DEFAULT 0,
    unknown     integer NOT NULL DEFAULT 0,
    UNIQUE (campaign_id, number),
    CHECK (claimed >= 0 AND sent >= 0 AND skipped >= 0 AND failed >= 0 AND unknown >= 0
           AND claimed + sent + skipped + failed + unknown <= size)
) WITH (fillfactor = 50);

-- The hot table: three writes a message. No updated column is indexed, so that every
-- update stays on its page (HOT): a row grows from 130 to 400 bytes, and of the updates
-- from queued to delivered 98 % stay at a fillfactor of 22, 79 % at 45, in three quarters
-- of the time. There are no foreign keys: rows are only made by the
-- freeze, from subscriptions and batches it has just read or written, and a check per
-- row would cost as much as the row.
CREATE TABLE messages (
    id              bigint   PRIMARY KEY,
    account_id      uuid     NOT NULL,
    list_id         uuid     NOT NULL,
    campaign_id     uuid     NOT NULL,
    batch_id        bigint   NOT NULL,
    subscription_id bigint   NOT NULL,
    variant         smallint NOT NULL,
    state           text     NOT NULL DEFAULT 'queued' CHECK (state IN
                    ('queued', 'claimed', 'sent', 'delivered', 'undelivered', 'failed', 'skipped', 'unknown')),
    absences        smallint NOT NULL DEFAULT 0,
    segments        smallint NOT NULL DEFAULT 0,
    body            text     NOT NULL DEFAULT '',
    reason          text     NOT NULL DEFAULT '',
    provider_id     text     NOT NULL DEFAULT '',
    provider_code   text     NOT NULL DEFAULT '',
    provider_text   text     NOT NULL DEFAULT '',
    queued_at       timestamptz NOT NULL DEFAULT now(),
    claimed_at      timestamptz,
    unknown_at      timestamptz,
    sent_at         timestamptz,
    finished_at     timestamptz,
    -- One text per contact per campaign: freezing the audience twice is harmless.
    UNIQUE (subscription_id, campaign_id),
    CHECK (state = 'queued' OR state = 'skipped' OR claimed_at IS NOT NULL)
) WITH (fillfactor = 22);

-- Progress adds up because the statement that moves messages moves the counters.
-- +goose StatementBegin
CREATE FUNCTION count_batches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d record;
BEGIN
    -- In id order, so that two statements over several batches never wait in a ring.
    FOR d IN
        SELECT batch_id,
               coalesce(sum(n) FILTER (WHERE state = 'claimed'), 0) AS claimed,
               coalesce(sum(n) FILTER (WHERE state IN ('sent', 'delivered', 'undelivered')), 0) AS sent,
               coalesce(sum(n) FILTER (WHERE state = 'skipped'), 0) AS skipped,
               coalesce(sum(n) FILTER (WHERE state = 'failed'), 0) AS failed,
               coalesce(sum(n) FILTER (WHERE state = 'unknown'), 0) AS unknown
          FROM (SELECT batch_id, state, -1 AS n FROM old_rows
                UNION ALL
                SELECT batch_id, state, 1 AS n FROM new_rows) moves
         GROUP BY batch_id
         ORDER BY batch_id
    LOOP
        CONTINUE WHEN (d.claimed, d.sent, d.skipped, d.failed, d.unknown) = (0, 0, 0, 0, 0);
        UPDATE batches
           SET claimed = claimed + d.claimed, sent = sent + d.sent, skipped = skipped + d.skipped,
               failed = failed + d.failed, unknown = unknown + d.unknown
         WHERE id = d.batch_id;
    END LOOP;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER messages_counted AFTER UPDATE ON messages
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_batches();

CREATE TABLE inbound_messages (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid        NOT NULL REFERENCES accounts (id),
    list_id     uuid        NOT NULL REFERENCES lists (id),
    contact_id  bigint      NOT NULL REFERENCES contacts (id),
    provider_id text        NOT NULL,
    body        text        NOT NULL,
    verdict     text        NOT NULL CHECK (verdict IN ('none', 'stop', 'start', 'help')),
    received_at timestamptz NOT NULL DEFAULT now(),
    -- A webhook delivered twice is one text.
    UNIQUE (list_id, provider_id)
);

CREATE TABLE clicks (
    id         uuid PRIMARY KEY,
    account_id uuid        NOT NULL,
    message_id bigint      NOT NULL,
    link       smallint    NOT NULL,
    address    text        NOT NULL,
    user_agent text        NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX clicks_by_message ON clicks (message_id);
