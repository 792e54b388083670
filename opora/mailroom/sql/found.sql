-- Letters of these organisations that hold every word of a search, newest first; hashes are read, no text. Read by
-- mailroom.queries.search, which looks for the rows again among those an employee may see.
-- Budget: 200 000 letters under 20 ms.
SELECT incoming_id
  FROM mailroom_words
 WHERE organisation_id = ANY(%(houses)s)
   AND words @> appeals_hashes(9::smallint, appeals_lexemes(%(text)s))
   AND cardinality(appeals_lexemes(%(text)s)) > 0
 ORDER BY incoming_id DESC
 LIMIT %(most)s
