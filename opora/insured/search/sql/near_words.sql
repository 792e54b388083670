-- Known words one slip away from a reading: they share the reading, or it less one letter. Read by insured.search.words.
-- Budget: three readings over 300 000 surnames under 5 ms.
SELECT ask.reading, 'surname' AS dictionary, word.key
  FROM jsonb_to_recordset(%(asks)s::jsonb) AS ask(reading text, near varchar[])
 CROSS JOIN LATERAL (SELECT key FROM insured_surnameword WHERE near && ask.near LIMIT %(most)s) AS word
UNION ALL
SELECT ask.reading, 'given', word.key
  FROM jsonb_to_recordset(%(asks)s::jsonb) AS ask(reading text, near varchar[])
 CROSS JOIN LATERAL (SELECT key FROM insured_givenword WHERE near && ask.near LIMIT %(most)s) AS word
