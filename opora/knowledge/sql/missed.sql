-- Notes a question without an answer; the same words again are counted and open a closed row. Read by knowledge.feedback.
-- Budget: 1 ms; one row per question of a territory.
INSERT INTO knowledge_missinganswer (territory, key, words, why, times, first_on, last_on)
VALUES (%(territory)s, %(key)s, %(words)s, %(why)s, 1, %(on)s, %(on)s)
    ON CONFLICT (territory, key) DO UPDATE
   SET times = knowledge_missinganswer.times + 1, why = EXCLUDED.why, words = EXCLUDED.words,
       last_on = EXCLUDED.last_on, closed_at = NULL, closed_by_id = NULL
RETURNING id
