-- +goose Up

-- Whether a person or a machine followed the link, and why it is thought so. Clicks from
-- before count as people's, as they did.
ALTER TABLE clicks
    ADD method  text NOT NULL DEFAULT 'GET',
    ADD verdict text NOT NULL DEFAULT 'human' CHECK (verdict IN ('human', 'bot', 'unsure')),
    ADD reason  text NOT NULL DEFAULT 'before_verdicts',
    ADD version text NOT NULL DEFAULT ''; -- of the rules
