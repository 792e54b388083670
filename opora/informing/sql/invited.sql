-- People whom waves still invite into clinics, by day of the territory; what is overdue is invited today. Read by
-- informing.sharing. Budget: a million waiting touches under 2 s.
SELECT wave_id, provider_id, (greatest(not_before, %(now)s) AT TIME ZONE %(zone)s)::date AS day, count(*) AS people
  FROM informing_touch
 WHERE state = 'planned' AND wave_id = ANY(%(waves)s) AND provider_id IS NOT NULL
 GROUP BY 1, 2, 3
