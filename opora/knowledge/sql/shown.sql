-- Counts one showing of a card on a day. Read by knowledge.feedback. Returns the new number.
-- Budget: 1 ms; one row per card and day.
INSERT INTO knowledge_cardshow (card_id, "on", times) VALUES (%(card)s, %(on)s, 1)
    ON CONFLICT (card_id, "on") DO UPDATE SET times = knowledge_cardshow.times + 1
RETURNING times
