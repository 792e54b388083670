-- The edition of a list in force on a day: the territory's own before the country's, the newest of them; no row or one.
-- Read by opora.classifiers.queries on every key press of the search. Budget: a few dozen editions, under 0.3 ms.
SELECT id
  FROM classifiers_edition
 WHERE code = %(code)s AND territory IN ('', %(territory)s)
   AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
 ORDER BY territory DESC, since DESC, loaded_at DESC, id DESC
 LIMIT 1
