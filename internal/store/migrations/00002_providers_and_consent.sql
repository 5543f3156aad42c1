-- +goose Up

-- What an account may make stricter, and for how long it keeps texts. Minutes are those
-- of the contact's local day; 0 and 0 mean that only the law's hours hold.
ALTER TABLE accounts
    ADD zone            text       NOT NULL DEFAULT 'America/New_York',
    ADD opt_out_scope   text       NOT NULL DEFAULT 'list' CHECK (opt_out_scope IN ('list', 'brand', 'account')),
    ADD frequency_hours smallint   NOT NULL DEFAULT 0 CHECK (frequency_hours BETWEEN 0 AND 720),
    ADD hours_from      smallint   NOT NULL DEFAULT 0 CHECK (hours_from BETWEEN 0 AND 1439),
    ADD hours_to        smallint   NOT NULL DEFAULT 0 CHECK (hours_to BETWEEN 0 AND 1440),
    ADD hours_skip_days smallint[] NOT NULL DEFAULT '{}',
    ADD hours_strict    boolean    NOT NULL DEFAULT false,
    ADD hours_unknown   text[]     NOT NULL DEFAULT '{}',
    ADD keep_texts_days integer    NOT NULL DEFAULT 365 CHECK (keep_texts_days BETWEEN 1 AND 3650);

-- A route is a list's way to a provider: the first one, and one to fall back on.
CREATE TABLE routes (
    id             uuid PRIMARY KEY,
    account_id     uuid     NOT NULL REFERENCES accounts (id),
    list_id        uuid     NOT NULL REFERENCES lists (id),
    rank           smallint NOT NULL CHECK (rank IN (1, 2)),
    provider       text     NOT NULL,
    phone          text     NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    sid            text     NOT NULL,
    -- AES-256-GCM, sealed with a key from the configuration and bound to the row.
    credentials    bytea    NOT NULL,
    base_url       text     NOT NULL,
    pace_group     text     NOT NULL DEFAULT '',
    state          text     NOT NULL DEFAULT 'up' CHECK (state IN ('up', 'down', 'blocked')),
    reason         text     NOT NULL DEFAULT '',
    changed_at     timestamptz NOT NULL DEFAULT now(),
    -- When a route that is down may be tried again, by a few.
    probe_at       timestamptz,
    -- The three steps of the check; a time means passed.
    credentials_at timestamptz,
    text_at        timestamptz,
    webhook_at     timestamptz,
    check_problem  text     NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (list_id, rank),
    CHECK ((state = 'down') = (probe_at IS NOT NULL))
);

INSERT INTO routes (id, account_id, list_id, rank, provider, phone, sid, credentials, base_url, created_at)
SELECT gen_random_uuid(), account_id, id, 1, provider, phone, provider_sid, provider_token, base_url, created_at FROM lists;

ALTER TABLE lists
    DROP provider, DROP provider_sid, DROP provider_token, DROP base_url,
    ADD messages_per_second double precision NOT NULL DEFAULT 0 CHECK (messages_per_second >= 0),
    ADD segments_per_second double precision NOT NULL DEFAULT 0 CHECK (segments_per_second >= 0),
    ADD messages_per_day    integer  NOT NULL DEFAULT 0 CHECK (messages_per_day >= 0),
    ADD frequency_hours     smallint NOT NULL DEFAULT 0 CHECK (frequency_hours BETWEEN 0 AND 720),
    -- Two who answer a STOP send two confirmations; the law allows one.
    ADD answers_stop        text     NOT NULL DEFAULT 'provider' CHECK (answers_stop IN ('provider', 'trackly')),
    ADD answers_help        text     NOT NULL DEFAULT 'provider' CHECK (answers_help IN ('provider', 'trackly')),
    ADD stop_text           text     NOT NULL DEFAULT '',
    ADD help_text           text     NOT NULL DEFAULT '';

-- Several lists on one provider account share that account's pace.
CREATE TABLE pace_groups (
    account_id          uuid NOT NULL REFERENCES accounts (id),
    name                text NOT NULL CHECK (name <> ''),
    messages_per_second double precision NOT NULL DEFAULT 0 CHECK (messages_per_second >= 0),
    segments_per_second double precision NOT NULL DEFAULT 0 CHECK (segments_per_second >= 0),
    messages_per_day    integer NOT NULL DEFAULT 0 CHECK (messages_per_day >= 0),
    PRIMARY KEY (account_id, name)
);

-- Where the next text of a list, or of a group, has its place in time. One row is
-- locked for each reservation, so that all processes together keep the pace.
CREATE TABLE paces (
    account_id uuid NOT NULL,
    owner      text NOT NULL, -- 'list/<id>' or 'group/<name>'
    tail       timestamptz NOT NULL DEFAULT '-infinity',
    slow_until timestamptz NOT NULL DEFAULT '-infinity', -- the provider asked for patience
    day        date NOT NULL DEFAULT '-infinity',        -- in the account's zone
    used       integer NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, owner)
) WITH (fillfactor = 50);

ALTER TABLE contacts ALTER phone DROP NOT NULL;
-- A contact without a phone is what an erasure leaves: consents and opt-outs hang on it.

ALTER TABLE subscriptions
    ADD zone          text NOT NULL DEFAULT '',
    ADD postal        text NOT NULL DEFAULT '',
    -- Why it is suppressed: 'review' (a person must read an answer), 'stranger' (never
    -- signed up, so an import may make it active), or an owner's words.
    ADD status_reason text NOT NULL DEFAULT '',
    -- A question of ours awaits this contact's answer until then: YES means yes.
    ADD asked_until   timestamptz;
CREATE INDEX subscriptions_by_contact ON subscriptions (account_id, contact_id);

ALTER TABLE campaigns
    ADD late text NOT NULL DEFAULT 'wait' CHECK (late IN ('wait', 'drop'));

-- Batches of single texts belong to a list and to no campaign.
ALTER TABLE batches
    ALTER campaign_id DROP NOT NULL,
    ADD list_id    uuid,
    ADD not_before timestamptz, -- nothing of it can go out earlier
    ADD CHECK ((campaign_id IS NULL) = (list_id IS NOT NULL));
CREATE UNIQUE INDEX batches_of_outbox ON batches (list_id, number) WHERE campaign_id IS NULL;

ALTER TABLE messages
    ALTER campaign_id DROP NOT NULL,
    ADD kind  text     NOT NULL DEFAULT 'campaign' CHECK (kind IN
              ('campaign', 'api', 'reply', 'confirmation', 'help', 'passcode', 'test')),
    ADD route smallint NOT NULL DEFAULT 0,  -- the rank of the route that took it; 0 before
    -- Claimed, and certainly not called yet. Kept only where the provider cannot be asked
    -- after a text: a worker that dies leaves such messages in the queue and not unknown.
    ADD uncalled boolean NOT NULL DEFAULT false,
    ADD place text     NOT NULL DEFAULT '', -- where it was judged, and by which version of the hours
    ADD CHECK ((kind = 'campaign') = (campaign_id IS NOT NULL));

-- What kept a message from going out at once: waits and skips, in the order they happened.
CREATE TABLE decisions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid        NOT NULL,
    message_id bigint      NOT NULL,
    check_name text        NOT NULL,
    verdict    text        NOT NULL CHECK (verdict IN ('wait', 'skip')),
    why        text        NOT NULL,
    until      timestamptz,
    version    text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX decisions_by_message ON decisions (message_id, id);

-- When a contact was texted by an account, as far as a cap needs it. A row is written
-- only where a cap applies: by the state's law, or by a frequency cap.
CREATE TABLE texted (
    account_id uuid          NOT NULL,
    contact_id bigint        NOT NULL,
    at         timestamptz[] NOT NULL DEFAULT '{}',
    lists      uuid[]        NOT NULL DEFAULT '{}',
    messages   bigint[]      NOT NULL DEFAULT '{}',
    PRIMARY KEY (account_id, contact_id),
    CHECK (cardinality(at) = cardinality(lists) AND cardinality(at) = cardinality(messages))
) WITH (fillfactor = 50);

-- Who must not be texted, and how far that reaches. A row is lifted, never deleted.
CREATE TABLE suppressions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts (id),
    contact_id bigint      NOT NULL REFERENCES contacts (id),
    scope      text        NOT NULL CHECK (scope IN ('list', 'brand', 'account')),
    list_id    uuid,
    brand      text,       -- in small letters
    source     text        NOT NULL CHECK (source IN ('keyword', 'phrase', 'review', 'provider', 'upload', 'owner', 'erasure')),
    inbound_id bigint,
    note       text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    lifted_at  timestamptz,
    lifted_by  text        NOT NULL DEFAULT '',
    CHECK ((scope = 'list') = (list_id IS NOT NULL)),
    CHECK ((scope = 'brand') = (brand IS NOT NULL))
);
CREATE UNIQUE INDEX suppressions_standing ON suppressions
    (account_id, contact_id, scope, coalesce(list_id, '00000000-0000-0000-0000-000000000000'), coalesce(brand, ''))
    WHERE lifted_at IS NULL;
-- Who said STOP before this version stays silent.
INSERT INTO suppressions (account_id, contact_id, scope, list_id, source, created_at)
SELECT account_id, contact_id, 'list', list_id, 'keyword', opted_out_at FROM subscriptions WHERE status = 'opted_out';

-- An erased person must not come back with the next file. The phone is kept only as a
-- keyed hash (HMAC-SHA256): ten digits under a plain hash are guessed in a second.
CREATE TABLE erasures (
    account_id uuid        NOT NULL REFERENCES accounts (id),
    phone_hash bytea       NOT NULL CHECK (octet_length(phone_hash) = 32),
    contact_id bigint      NOT NULL REFERENCES contacts (id), -- what is left
    at         timestamptz NOT NULL DEFAULT now(),
    lifted_at  timestamptz,
    PRIMARY KEY (account_id, phone_hash)
);

ALTER TABLE inbound_messages
    DROP CONSTRAINT inbound_messages_verdict_check,
    ADD CONSTRAINT inbound_messages_verdict_check CHECK (verdict IN ('none', 'stop', 'start', 'help', 'ambiguous')),
    ADD tier     text NOT NULL DEFAULT '',
    ADD matched  text NOT NULL DEFAULT '', -- the rule that decided, never the person's words
    ADD version  text NOT NULL DEFAULT '',
    ADD review   text NOT NULL DEFAULT '' CHECK (review IN ('', 'open', 'kept', 'opted_out')),
    ADD review_by text NOT NULL DEFAULT '',
    ADD reviewed_at timestamptz,
    -- From the provider's request reaching us to the end of the transaction.
    ADD took_ms  integer NOT NULL DEFAULT 0;
CREATE INDEX inbound_by_account ON inbound_messages (account_id, id);
CREATE INDEX inbound_by_contact ON inbound_messages (account_id, contact_id, id);

ALTER TABLE consents
    ADD disclosure      text NOT NULL DEFAULT '', -- what the person was shown
    ADD disclosure_hash bytea,                    -- SHA-256 of it
    ADD page_url        text NOT NULL DEFAULT '',
    ADD ip              text NOT NULL DEFAULT '',
    ADD user_agent      text NOT NULL DEFAULT '',
    ADD version         text NOT NULL DEFAULT ''; -- of the rule that read an opt-out

-- What a person should know of: alerts first of all.
CREATE TABLE events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid        NOT NULL REFERENCES accounts (id),
    list_id    uuid,
    kind       text        NOT NULL,
    severity   text        NOT NULL CHECK (severity IN ('info', 'warning', 'alert')),
    text       text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX events_by_account ON events (account_id, id);

-- Codes of providers that are in no table of ours: counted and shown, never guessed.
CREATE TABLE unheard_codes (
    account_id uuid   NOT NULL,
    provider   text   NOT NULL,
    code       text   NOT NULL,
    seen       bigint NOT NULL DEFAULT 1,
    first_at   timestamptz NOT NULL DEFAULT now(),
    last_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, provider, code)
);
