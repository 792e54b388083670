-- Takes waiting events out of the waiting room, oldest first, with the digest of each. Read by appeals.chain.chainer.
-- Two chainers share no event: the second waits for the first to commit and finds the rows gone. An event that is
-- missing stays in the room, for verify to name it.
-- Budget: 2 000 events under 100 ms.
WITH taken AS (
  DELETE FROM appeals_unchained u
   WHERE (u.at, u.id) IN (
         SELECT w.at, w.id FROM appeals_unchained w JOIN appeals_event x ON x.at = w.at AND x.id = w.id
          ORDER BY w.at, w.id LIMIT %(most)s)
  RETURNING u.at, u.id)
SELECT e.at, e.id, e.organisation_id, e.appeal_id, e.kind, e.territory, digest_of_event AS digest
  FROM taken t JOIN appeals_event e ON e.at = t.at AND e.id = t.id
 ORDER BY e.at, e.id
