-- One row per organisation, line and half-hour in which an incoming call began: what staffing reckons with. since and
-- until are moments, half-open; ``organisations`` NULL — all. Read by telephony.figures.half_hours.
-- Calls left to the secretary came when nobody was at work: they are load all the same, neither answered nor abandoned.
-- Budget: a month of a territory (400 000 calls) under 1 s.
SELECT c.organisation_id AS organisation, c.line_id AS line,
       date_bin('30 minutes', c.began_at, timestamptz '2000-01-01 00:00:00+00') AS half_hour,
       count(*) AS calls, count(*) FILTER (WHERE result = 'answered') AS answered,
       count(*) FILTER (WHERE result = 'abandoned') AS abandoned, sum(talked)::bigint AS talk_seconds
  FROM telephony_call c
 WHERE c.direction = 'in' AND c.now = 'ended' AND c.line_id IS NOT NULL
   AND c.began_at >= %(since)s AND c.began_at < %(until)s
   AND (%(organisations)s::bigint[] IS NULL OR c.organisation_id = ANY (%(organisations)s))
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
