-- The links about a position of a chain with the digests of their events, NULL where the event is gone.
-- Read by appeals.chain.links to say what is wrong with a broken link. Budget: 20 ms.
SELECT l.position, l.hash, l.event_at, l.event_id, e.organisation_id, e.appeal_id,
       CASE WHEN e.id IS NULL THEN NULL ELSE digest_of_event END AS digest
  FROM appeals_chainlink l LEFT JOIN appeals_event e ON e.at = l.event_at AND e.id = l.event_id
 WHERE l.organisation_id = %(organisation)s AND l.position >= %(since)s AND l.position <= %(until)s
 ORDER BY l.position
