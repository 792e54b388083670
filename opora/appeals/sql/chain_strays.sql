-- Events of a span of time that have no place and do not wait for one. Read by appeals.chain.verify.
-- The bounds are said of the links too: else a join in order reads them from the first one on. Budget: 1 µs an event.
SELECT e.organisation_id, e.at, e.id, e.appeal_id
  FROM appeals_event e
  LEFT JOIN appeals_chainlink l ON l.event_at = e.at AND l.event_id = e.id
                               AND l.event_at >= %(since)s AND l.event_at < %(until)s
 WHERE e.at >= %(since)s AND e.at < %(until)s AND l.position IS NULL
   AND NOT EXISTS (SELECT 1 FROM appeals_unchained u WHERE u.at = e.at AND u.id = e.id)
 ORDER BY e.at, e.id
 LIMIT 100
