-- Events of a span of time that have no place and do not wait for one. Read by appeals.chain.verify.
-- Budget: 2 µs an event.
SELECT e.organisation_id, e.at, e.id, e.appeal_id
  FROM appeals_event e
  LEFT JOIN appeals_chainlink l ON l.event_at = e.at AND l.event_id = e.id
 WHERE e.at >= %(since)s AND e.at < %(until)s AND l.position IS NULL
   AND NOT EXISTS (SELECT 1 FROM appeals_unchained u WHERE u.at = e.at AND u.id = e.id)
 ORDER BY e.at, e.id
 LIMIT 100
