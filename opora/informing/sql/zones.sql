-- The clocks of those who still wait in a wave, one step of the index for each. Read by dispatch.zones. Budget: 5 ms.
WITH RECURSIVE zones AS (
  (SELECT zone FROM informing_touch WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned'
    ORDER BY zone LIMIT 1)
  UNION ALL
  SELECT (SELECT zone FROM informing_touch
           WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned' AND zone > zones.zone
           ORDER BY zone LIMIT 1)
    FROM zones WHERE zones.zone IS NOT NULL
)
SELECT zone FROM zones WHERE zone IS NOT NULL
