-- +goose Up

-- Money is whole micro-units of the account's currency (rules/price).
ALTER TABLE accounts
    -- Network addresses of clicks are cut short when they are so old. All clicks from before
    -- addresses_until are: the next run begins there.
    ADD keep_addresses_days integer     NOT NULL DEFAULT 90 CHECK (keep_addresses_days BETWEEN 1 AND 3650),
    ADD addresses_until     timestamptz NOT NULL DEFAULT '-infinity',
    ADD currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$');

CREATE TABLE offers (
    id                uuid PRIMARY KEY,
    account_id        uuid        NOT NULL REFERENCES accounts (id),
    name              text        NOT NULL CHECK (name <> ''),
    url               text        NOT NULL CHECK (url ~ '^https?://'),
    network           text        NOT NULL CHECK (network IN ('none', 'tune', 'everflow', 'cake')),
    external_id       text        NOT NULL DEFAULT '', -- the network's name for it
    payout_type       text        NOT NULL CHECK (payout_type IN ('cpa', 'cpc', 'revshare')),
    payout            bigint      NOT NULL DEFAULT 0 CHECK (payout >= 0), -- a conversion (cpa) or a click (cpc) earns
    share             integer     NOT NULL DEFAULT 0 CHECK (share BETWEEN 0 AND 10000), -- revshare, in hundredths of a percent
    window_days       smallint    NOT NULL DEFAULT 30 CHECK (window_days BETWEEN 1 AND 365),
    click_cap         integer     NOT NULL DEFAULT 0 CHECK (click_cap >= 0),      -- a day; 0: none
    conversion_cap    integer     NOT NULL DEFAULT 0 CHECK (conversion_cap >= 0), -- a day; 0: none
    zone              text        NOT NULL, -- IANA: the network's days
    fallback_offer_id uuid REFERENCES offers (id),
    fallback_url      text        NOT NULL DEFAULT '' CHECK (fallback_url ~ '^(|https?://.*)$'),
    status            text        NOT NULL CHECK (status IN ('active', 'paused', 'archived')),
    ends_at           timestamptz,
    -- SHA-256 of the secret in the postback's URL: whoever reads this table cannot post.
    secret_hash       bytea       NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    addresses         text[]      NOT NULL DEFAULT '{}', -- CIDRs postbacks may come from; none: any
    pixel             boolean     NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (fallback_offer_id <> id)
);
CREATE INDEX offers_by_account ON offers (account_id, id);

-- Append-only: who changed what of an offer.
CREATE TABLE offer_changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid        NOT NULL,
    offer_id   uuid        NOT NULL REFERENCES offers (id),
    changed_by text        NOT NULL,
    changes    jsonb       NOT NULL, -- field -> [before, after]
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX offer_changes_by_offer ON offer_changes (offer_id, id);

-- What an offer has used of its caps, by its own zone's days. The row's lock is what makes
-- a cap exact.
CREATE TABLE offer_days (
    offer_id    uuid    NOT NULL REFERENCES offers (id),
    day         date    NOT NULL,
    clicks      integer NOT NULL DEFAULT 0,
    conversions integer NOT NULL DEFAULT 0, -- that stand
    PRIMARY KEY (offer_id, day)
) WITH (fillfactor = 50);

ALTER TABLE creative_links
    DROP CONSTRAINT creative_links_url_check,
    ADD offer_id   uuid REFERENCES offers (id),
    ADD parameters jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
    ADD CHECK (url ~ '^https?://' OR url = '' AND offer_id IS NOT NULL);

-- What to do when the offer of a variant has no room for conversions. A spare variant has
-- no share: it takes over what is still queued.
ALTER TABLE campaigns ADD on_full text NOT NULL DEFAULT 'ignore' CHECK (on_full IN ('ignore', 'pause', 'swap'));
ALTER TABLE variants
    DROP CONSTRAINT variants_percent_check,
    ADD spare boolean NOT NULL DEFAULT false,
    ADD CHECK (CASE WHEN spare THEN percent = 0 ELSE percent BETWEEN 1 AND 100 END);

-- What a claimed message costs, and where it went, as they were known then: reports must
-- not move when a contact does. carrier and at_state are written by the claim.
ALTER TABLE messages
    ADD cost     bigint NOT NULL DEFAULT 0,
    ADD carrier  text   NOT NULL DEFAULT '',
    ADD at_state text   NOT NULL DEFAULT '';

-- Segments claimed in each of an account's cycles of 360 days: the tier of the next one.
CREATE TABLE segment_usage (
    account_id uuid    NOT NULL REFERENCES accounts (id),
    cycle      integer NOT NULL, -- counted from the account's first, 0
    segments   bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, cycle)
) WITH (fillfactor = 50);

-- The id of a short link takes the place of a message's in its code. Messages would need
-- 400 billion texts to reach the first.
CREATE SEQUENCE short_link_ids START WITH 430000000000;
CREATE TABLE short_links (
    id         bigint PRIMARY KEY DEFAULT nextval('short_link_ids'),
    account_id uuid        NOT NULL REFERENCES accounts (id),
    name       text        NOT NULL DEFAULT '',
    url        text        NOT NULL CHECK (url ~ '^https?://'),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX short_links_by_account ON short_links (account_id, id);

-- message_id is a short link's id where the link was made by API. contact_id and offer_id
-- are for attribution; own_verdict is what the request alone says, verdict what is believed
-- now.
ALTER TABLE clicks
    ADD contact_id  bigint,
    ADD offer_id    uuid,
    ADD target      text NOT NULL DEFAULT 'link' CHECK (target IN ('link', 'offer', 'fallback', 'page')),
    ADD headers     jsonb NOT NULL DEFAULT '{}',
    ADD own_verdict text NOT NULL DEFAULT 'human' CHECK (own_verdict IN ('human', 'bot', 'unsure')),
    ADD own_reason  text NOT NULL DEFAULT 'before_verdicts',
    ADD shortened_at timestamptz; -- when its address was cut short
UPDATE clicks SET own_verdict = verdict, own_reason = reason;
UPDATE clicks k SET contact_id = s.contact_id FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = k.message_id;
-- "The earliest human click of this person on this offer."
CREATE INDEX clicks_of_people ON clicks (contact_id, offer_id, at) WHERE verdict = 'human' AND offer_id IS NOT NULL;
CREATE INDEX clicks_by_time ON clicks (at);

-- The one click of a message that counts: its first human one. revenue is what a cpc offer
-- pays for it.
CREATE TABLE first_clicks (
    message_id bigint PRIMARY KEY,
    account_id uuid        NOT NULL,
    click_id   uuid        NOT NULL,
    offer_id   uuid,
    at         timestamptz NOT NULL,
    revenue    bigint      NOT NULL DEFAULT 0
);
-- The rate at which an offer's clicks convert.
CREATE INDEX first_clicks_of_offers ON first_clicks (offer_id, at) WHERE offer_id IS NOT NULL;
INSERT INTO first_clicks (message_id, account_id, click_id, at)
SELECT DISTINCT ON (message_id) message_id, account_id, id, at FROM clicks WHERE verdict = 'human' ORDER BY message_id, at, id;

-- Until when the verdicts on clicks were looked at by the later pass. Those of before have
-- no evidence; the row is locked by a pass, so that there is one at a time.
CREATE TABLE revisions (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    seen timestamptz NOT NULL
);
INSERT INTO revisions (seen) VALUES (now());

-- How much of the account's currency one unit of another is worth, in micro-units.
CREATE TABLE rates (
    account_id uuid   NOT NULL REFERENCES accounts (id),
    currency   text   NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    rate       bigint NOT NULL CHECK (rate > 0),
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, currency)
);

CREATE TABLE conversions (
    id             uuid PRIMARY KEY,
    -- No foreign keys: whoever writes a row has read its offer, offers are never deleted, and
    -- checking both again was a third of an insert.
    account_id     uuid        NOT NULL,
    offer_id       uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('lead', 'sale', 'rebill', 'refund', 'chargeback', 'install', 'signup')),
    transaction_id text        NOT NULL CHECK (length(transaction_id) BETWEEN 1 AND 255),
    source         text        NOT NULL CHECK (source IN ('postback', 'pixel', 'api', 'csv', 'tune')),
    at             timestamptz NOT NULL, -- when it happened
    received_at    timestamptz NOT NULL DEFAULT now(),
    -- As told, in its own currency, and the rate it was converted at.
    amount         bigint      NOT NULL CHECK (amount >= 0),
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    rate           bigint      NOT NULL CHECK (rate > 0),
    -- What it earns in the account's currency; a refund's is taken back by booked.
    earned         bigint      NOT NULL CHECK (earned >= 0),
    whole          boolean     NOT NULL DEFAULT false, -- a reversal of all that is left
    -- Whom it names, if anybody.
    click_id       uuid,
    named_message  bigint,
    contact_id     bigint,
    -- The message that somebody matched it to by hand.
    matched_message bigint,
    matched_by     text        NOT NULL DEFAULT '',
    -- What the books make of it: worked out anew from all events of its transaction.
    state          text        NOT NULL CHECK (state IN ('credited', 'uncredited', 'unmatched', 'waiting')),
    booked         bigint      NOT NULL DEFAULT 0,             -- signed
    counted        smallint    NOT NULL DEFAULT 0 CHECK (counted BETWEEN -1 AND 1),
    message_id     bigint,      -- credited
    subscription_id bigint,     -- credited
    repeats        integer     NOT NULL DEFAULT 0, -- how often it was told again
    CHECK ((state = 'credited') = (message_id IS NOT NULL)),
    UNIQUE (offer_id, transaction_id, kind)
);
CREATE INDEX conversions_by_account ON conversions (account_id, id);
CREATE INDEX conversions_by_message ON conversions (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX conversions_of_people ON conversions (contact_id) WHERE contact_id IS NOT NULL;

-- An opt-out counts for the last text the person got on that list before.
ALTER TABLE consents ADD message_id bigint;
CREATE INDEX consents_by_message ON consents (message_id) WHERE message_id IS NOT NULL;

-- Whoever writes down an opt-out counts it: there are many ways to one. A person who says
-- STOP twice after a text has ended it once.
-- +goose StatementBegin
CREATE FUNCTION count_opt_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT m.id INTO NEW.message_id
      FROM subscriptions s JOIN messages m ON m.subscription_id = s.id
     WHERE s.account_id = NEW.account_id AND s.list_id = NEW.list_id AND s.contact_id = NEW.contact_id
       AND m.kind IN ('campaign', 'api', 'reply') AND m.sent_at IS NOT NULL
     ORDER BY m.sent_at DESC, m.id DESC LIMIT 1;
    IF EXISTS (SELECT FROM consents WHERE message_id = NEW.message_id) THEN
        NEW.message_id := NULL;
    ELSIF NEW.message_id IS NOT NULL THEN
        INSERT INTO tally_moves (account_id, message_id, at, opt_outs) VALUES (NEW.account_id, NEW.message_id, NEW.at, 1);
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER consents_count_opt_outs BEFORE INSERT ON consents
    FOR EACH ROW WHEN (NEW.kind = 'opt_out' AND NEW.message_id IS NULL) EXECUTE FUNCTION count_opt_out();

-- Reports ---------------------------------------------------------------------------
-- A cell is one combination of everything a report can be grouped by, but for the day. An
-- id of nothing but zeros says none: NULLs do not meet in a hash join.
CREATE TABLE cells (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid     NOT NULL,
    list_id     uuid     NOT NULL,
    campaign_id uuid     NOT NULL,
    variant     smallint NOT NULL,
    creative_id uuid     NOT NULL,
    offer_id    uuid     NOT NULL,
    kind        text     NOT NULL, -- of message; empty: no message is known
    provider    text     NOT NULL,
    carrier     text     NOT NULL,
    at_state    text     NOT NULL,
    UNIQUE (account_id, campaign_id, variant, list_id, creative_id, offer_id, kind, provider, carrier, at_state)
);

-- The sums of a cell on a day of the account's zone. Only the fold and a rebuild write here.
CREATE TABLE tallies (
    account_id   uuid    NOT NULL,
    day          date    NOT NULL,
    cell_id      integer NOT NULL REFERENCES cells (id),
    sends        bigint  NOT NULL DEFAULT 0,
    delivered    bigint  NOT NULL DEFAULT 0,
    undelivered  bigint  NOT NULL DEFAULT 0,
    failed       bigint  NOT NULL DEFAULT 0,
    skipped      bigint  NOT NULL DEFAULT 0,
    unknown      bigint  NOT NULL DEFAULT 0,
    segments     bigint  NOT NULL DEFAULT 0,
    cost         bigint  NOT NULL DEFAULT 0,
    clicks       bigint  NOT NULL DEFAULT 0,
    bot_clicks   bigint  NOT NULL DEFAULT 0,
    unsure_clicks bigint NOT NULL DEFAULT 0,
    conversions  bigint  NOT NULL DEFAULT 0,
    reversals    bigint  NOT NULL DEFAULT 0,
    revenue      bigint  NOT NULL DEFAULT 0,
    opt_outs     bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, day, cell_id)
) WITH (fillfactor = 70);

-- Whoever writes tallies locks this table first, as the first thing in its transaction:
-- LOCK takes no snapshot, so the one that is taken then has all that its predecessor did.
CREATE TABLE tally_turn ();

-- What of the tallies came from which batch: a batch that changes later is counted anew.
CREATE TABLE batch_tallies (
    batch_id    bigint  NOT NULL,
    cell_id     integer NOT NULL REFERENCES cells (id),
    day         date    NOT NULL,
    sends       integer NOT NULL,
    delivered   integer NOT NULL,
    undelivered integer NOT NULL,
    failed      integer NOT NULL,
    skipped     integer NOT NULL,
    unknown     integer NOT NULL,
    segments    integer NOT NULL,
    cost        bigint  NOT NULL,
    PRIMARY KEY (batch_id, cell_id, day)
);

-- A batch with a mark has changed since it was counted. A mark is written in the
-- transaction of the change and never updated, so writers do not wait for each other; the
-- fold removes the marks that its snapshot sees, together with what it counts.
CREATE TABLE tally_marks (
    batch_id   bigint      NOT NULL,
    account_id uuid        NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX tally_marks_by_account ON tally_marks (account_id, batch_id);

-- What clicks, conversions and opt-outs add, each written in the transaction of its event,
-- on its own time, until the fold moves it into the tallies.
CREATE TABLE tally_moves (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id    uuid        NOT NULL,
    message_id    bigint,     -- nothing: it belongs to no text we know
    offer_id      uuid,       -- nothing: the message's own
    at            timestamptz NOT NULL,
    clicks        integer NOT NULL DEFAULT 0,
    bot_clicks    integer NOT NULL DEFAULT 0,
    unsure_clicks integer NOT NULL DEFAULT 0,
    conversions   integer NOT NULL DEFAULT 0,
    reversals     integer NOT NULL DEFAULT 0,
    revenue       bigint  NOT NULL DEFAULT 0,
    opt_outs      integer NOT NULL DEFAULT 0
);
CREATE INDEX tally_moves_by_account ON tally_moves (account_id);

-- Which provider a route led to when: what was sent over it before it was replaced stays
-- where it was in the reports.
CREATE TABLE route_providers (
    list_id  uuid     NOT NULL,
    rank     smallint NOT NULL,
    provider text     NOT NULL,
    since    timestamptz NOT NULL DEFAULT '-infinity',
    until    timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (list_id, rank, since)
);
INSERT INTO route_providers (list_id, rank, provider) SELECT list_id, rank, provider FROM routes;

-- A new provider counts from a moment on: a text claimed before this transaction ends, and
-- counted already, must not change its provider. A replaced route sends nothing before it
-- has been checked, which takes longer.
-- +goose StatementBegin
CREATE FUNCTION keep_provider() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := clock_timestamp() + interval '5 seconds';
BEGIN
    UPDATE route_providers SET until = moment WHERE list_id = NEW.list_id AND rank = NEW.rank AND until = 'infinity' AND since < moment;
    INSERT INTO route_providers (list_id, rank, provider, since)
    VALUES (NEW.list_id, NEW.rank, NEW.provider, CASE WHEN FOUND THEN moment ELSE '-infinity' END);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER routes_added AFTER INSERT ON routes FOR EACH ROW EXECUTE FUNCTION keep_provider();
CREATE TRIGGER routes_replaced AFTER UPDATE OF provider ON routes
    FOR EACH ROW WHEN (OLD.provider <> NEW.provider) EXECUTE FUNCTION keep_provider();

-- What a report knows of a message, said once: the live count, the fold, the rebuild and
-- the check read it here. A message counts in the state it is in and on the day it came to
-- it; one that is queued or claimed has no day.
CREATE VIEW message_facts AS
SELECT m.id AS message_id, m.batch_id, m.account_id, m.state, m.list_id,
       coalesce(m.campaign_id, '00000000-0000-0000-0000-000000000000') AS campaign_id, m.variant,
       coalesce(v.creative_id, '00000000-0000-0000-0000-000000000000') AS creative_id,
       coalesce(o.offer_id, '00000000-0000-0000-0000-000000000000') AS offer_id,
       m.kind, coalesce(p.provider, '') AS provider, m.carrier, m.at_state,
       (CASE WHEN m.state IN ('sent', 'delivered', 'undelivered') THEN coalesce(m.sent_at, m.claimed_at, m.queued_at)
             WHEN m.state IN ('failed', 'skipped') THEN coalesce(m.finished_at, m.claimed_at, m.queued_at)
             WHEN m.state = 'unknown' THEN coalesce(m.unknown_at, m.claimed_at, m.queued_at)
        END AT TIME ZONE a.zone)::date AS day,
       (m.state IN ('sent', 'delivered', 'undelivered'))::int AS sends,
       (m.state = 'delivered')::int AS delivered, (m.state = 'undelivered')::int AS undelivered,
       (m.state = 'failed')::int AS failed, (m.state = 'skipped')::int AS skipped, (m.state = 'unknown')::int AS unknown,
       CASE WHEN m.state IN ('sent', 'delivered', 'undelivered') THEN m.segments ELSE 0 END AS segments,
       CASE WHEN m.state IN ('sent', 'delivered', 'undelivered') THEN m.cost ELSE 0 END AS cost
  FROM messages m
  JOIN accounts a ON a.id = m.account_id
  -- LATERAL: a look-up by key for each message. As a plain join Postgres reads all variants.
  LEFT JOIN LATERAL (SELECT w.creative_id FROM variants w WHERE w.campaign_id = m.campaign_id AND w.number = m.variant LIMIT 1) v ON true
  LEFT JOIN LATERAL (SELECT l.offer_id FROM creative_links l WHERE l.creative_id = v.creative_id AND l.offer_id IS NOT NULL
                      ORDER BY l.number LIMIT 1) o ON true
  LEFT JOIN route_providers p ON p.list_id = m.list_id AND p.rank = m.route AND m.claimed_at >= p.since AND m.claimed_at < p.until;

-- All that tally_moves ever said, as the events themselves say it. Ids from 430 billion on
-- are short links', which are in no report.
CREATE VIEW raw_moves AS
SELECT account_id, message_id, offer_id, at, 1 AS clicks, 0 AS bot_clicks, 0 AS unsure_clicks, 0 AS conversions, 0 AS reversals, revenue, 0 AS opt_outs
  FROM first_clicks WHERE message_id < 430000000000
UNION ALL
SELECT account_id, message_id, offer_id, at, 0, (verdict = 'bot')::int, (verdict = 'unsure')::int, 0, 0, 0, 0
  FROM clicks WHERE verdict <> 'human' AND message_id < 430000000000
UNION ALL
SELECT account_id, message_id, offer_id, at, 0, 0, 0, (counted = 1)::int, (counted = -1)::int, booked, 0
  FROM conversions WHERE counted <> 0 OR booked <> 0
UNION ALL
SELECT account_id, message_id, NULL, at, 0, 0, 0, 0, 0, 0, 1
  FROM consents WHERE kind = 'opt_out' AND message_id IS NOT NULL;

-- Link domains ----------------------------------------------------------------------
CREATE TABLE link_domains (
    id         uuid PRIMARY KEY,
    account_id uuid     NOT NULL REFERENCES accounts (id),
    list_id    uuid     NOT NULL REFERENCES lists (id),
    rank       smallint NOT NULL CHECK (rank BETWEEN 1 AND 32), -- the order in which they are used up
    url        text     NOT NULL CHECK (url ~ '^https?://'),
    burn_limit bigint   NOT NULL DEFAULT 0 CHECK (burn_limit >= 0), -- messages; 0: no limit
    messages   bigint   NOT NULL DEFAULT 0,
    state      text     NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'up', 'down', 'retired')),
    problem    text     NOT NULL DEFAULT '', -- what the last check found
    checked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (list_id, url)
) WITH (fillfactor = 50); -- every claim counts here
CREATE INDEX link_domains_by_account ON link_domains (account_id, list_id, rank);

-- A network whose conversions are pulled.
CREATE TABLE connections (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    network    text NOT NULL CHECK (network IN ('tune')),
    name       text NOT NULL CHECK (name <> ''),
    network_id text NOT NULL CHECK (network_id <> ''),
    base_url   text NOT NULL DEFAULT '',
    zone       text NOT NULL,
    -- AES-256-GCM, sealed with a key from the configuration and bound to the row.
    api_key    bytea NOT NULL,
    state      text NOT NULL DEFAULT 'up' CHECK (state IN ('up', 'blocked')),
    problem    text NOT NULL DEFAULT '',
    pulled_at  timestamptz,
    pending_from timestamptz, -- the earliest conversion the network had not decided about then
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX connections_by_account ON connections (account_id, id);

-- Progress as before, and a mark for every batch in which a message moved.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_batches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d record;
BEGIN
    INSERT INTO tally_marks (batch_id, account_id) SELECT DISTINCT batch_id, account_id FROM new_rows;
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

-- Queued messages are in no report, so a batch is marked by what its messages do. Those of
-- before are counted by the first fold.
INSERT INTO tally_marks (batch_id, account_id) SELECT id, account_id FROM batches;
INSERT INTO tally_moves (account_id, message_id, at, clicks)
SELECT account_id, message_id, at, 1 FROM first_clicks;
INSERT INTO tally_moves (account_id, message_id, at, bot_clicks, unsure_clicks)
SELECT account_id, message_id, at, (verdict = 'bot')::int, (verdict = 'unsure')::int FROM clicks WHERE verdict <> 'human';
