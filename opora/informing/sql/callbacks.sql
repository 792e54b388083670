-- Touches that wait, by wave and half-hour of %(since)s … %(until)s: %(waves)s go on. Read by informing.callbacks and
-- informing.sharing. Budget: a million waiting touches under 0.5 s.
SELECT wave_id, date_bin('30 minutes', not_before, '2000-01-01T00:00:00Z') AS at, count(*) AS touches
  FROM informing_touch
 WHERE state = 'planned' AND wave_id = ANY(%(waves)s) AND not_before >= %(since)s AND not_before < %(until)s
 GROUP BY 1, 2
