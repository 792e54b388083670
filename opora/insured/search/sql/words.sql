-- Known words for readings of the query: the word itself and words that begin with it, shortest first, and double names
-- one part of which it is. One row per reading, dictionary and word. Read by insured.search.words.
-- Budget: five readings over 300 000 surnames under 3 ms.
SELECT ask.reading, 'surname' AS dictionary, word.key
  FROM unnest(%(readings)s::text[]) AS ask(reading)
 CROSS JOIN LATERAL (
       (SELECT key FROM insured_surnameword
         WHERE key >= ask.reading AND key < ask.reading || chr(1114111)
         ORDER BY length(key), key LIMIT %(most)s)
       UNION ALL
       (SELECT key FROM insured_surnameword WHERE parts @> ARRAY[ask.reading::varchar] LIMIT %(most)s)) AS word
UNION ALL
SELECT ask.reading, 'given', word.key
  FROM unnest(%(readings)s::text[]) AS ask(reading)
 CROSS JOIN LATERAL (
       (SELECT key FROM insured_givenword
         WHERE key >= ask.reading AND key < ask.reading || chr(1114111) LIMIT 1)
       UNION ALL
       (SELECT key FROM insured_givenword WHERE parts @> ARRAY[ask.reading::varchar] LIMIT 10)) AS word
