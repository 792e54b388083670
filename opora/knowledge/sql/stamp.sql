-- opora/knowledge/sql/stamp.sql
-- What tells that answers to be said have changed: versions of cards only grow, packs of terms are only added.
-- Read by knowledge.queries at each question, so that shelves of ready answers may stay in the process.
-- Budget: 0.3 ms with 500 cards.
SELECT count(*) AS cards, sum(version) AS versions, sum(approved_id) AS wordings,
       sum(id) FILTER (WHERE withdrawn_at IS NULL) AS acting,
       (SELECT max(id) FROM deadlines_pack) AS packs
  FROM knowledge_answercard
 WHERE territory IN ('', %(territory)s)
