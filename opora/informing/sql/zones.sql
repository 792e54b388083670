-- The clocks of those who still wait in a wave, each with the moment from which its first might have gone: one step of
-- the index for each. Read by dispatch.zones, services.relaying and calls. Budget: 5 ms.
WITH RECURSIVE zones AS (
  (SELECT zone, not_before
     FROM informing_touch
    WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned'
    ORDER BY zone, not_before LIMIT 1)
  UNION ALL
  SELECT next.zone, next.not_before
    FROM zones
   CROSS JOIN LATERAL (
     SELECT zone, not_before
       FROM informing_touch
      WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned' AND zone > zones.zone
      ORDER BY zone, not_before LIMIT 1) next
)
SELECT zone, not_before AS oldest FROM zones
