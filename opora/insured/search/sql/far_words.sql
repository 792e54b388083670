-- Known surnames two slips away from a reading; the first letter is taken for right, which makes the search ten times
-- shorter. Read by insured.search.words when nothing nearer was found.
-- Budget: one reading over 300 000 surnames under 30 ms.
SELECT ask.reading, 'surname' AS dictionary, word.key
  FROM unnest(%(readings)s::text[]) AS ask(reading)
 CROSS JOIN LATERAL (
       SELECT key FROM insured_surnameword
        WHERE key >= left(ask.reading, 1) AND key < left(ask.reading, 1) || chr(1114111)
          AND length(key) BETWEEN length(ask.reading) - 2 AND length(ask.reading) + 2
          AND levenshtein_less_equal(key, ask.reading, 2) <= 2
        LIMIT %(most)s) AS word
