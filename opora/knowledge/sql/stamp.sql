-- opora/knowledge/sql/stamp.sql
-- What tells that answers to be said have changed: versions of cards only grow, packs of terms and editions of topics and changes of synonyms are only added.
-- Read by knowledge.queries at each question, so that shelves of ready answers may stay in the process.
-- Budget: 1 ms with 2 000 cards.
SELECT count(*) AS cards, sum(version) AS versions, sum(approved_id) AS wordings,
       sum(id) FILTER (WHERE withdrawn_at IS NULL) AS acting,
       (SELECT max(id) FROM deadlines_pack) AS packs, (SELECT max(id) FROM classifiers_edition) AS editions,
       (SELECT max(c.id) FROM knowledge_synonymchange c JOIN knowledge_synonymgroup g ON g.id = c.group_id
         WHERE g.territory = %(territory)s) AS names
  FROM knowledge_answercard
 WHERE territory IN ('', %(territory)s)
