-- A wave that was paused, or that lags, is laid over the hours to come in the order it had. Read by services.relaying.
-- Who was promised a call at an hour still to come keeps it.
-- Days of clinics as in plan_touches.sql. Budget: a million waiting touches under 30 s.
WITH laid AS (
  SELECT (row ->> 'clinic')::bigint AS clinic, ARRAY(SELECT jsonb_array_elements_text(row -> 'totals')::int) AS totals
    FROM jsonb_array_elements(%(laid)s::jsonb) AS row
)
UPDATE informing_touch touch
   SET not_before = dated.at
  FROM (SELECT id,
               ((%(opens)s::timestamp[])[day + 1]
                 + (row_number() OVER (PARTITION BY day ORDER BY turn, provider_id) - 1) * (%(hours)s::float8[])[day + 1]
                   / count(*) OVER (PARTITION BY day) * interval '1 hour') AT TIME ZONE zone AS at
          FROM (SELECT turned.*, width_bucket(turn, laid.totals) AS day
                  FROM (SELECT id, zone, provider_id,
                               row_number() OVER (PARTITION BY provider_id ORDER BY not_before, id) - 1 AS turn
                          FROM informing_touch
                         WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned'
                           AND id NOT IN (SELECT touch_id FROM informing_attempt
                                           WHERE year = %(year)s AND again_at > %(now)s)) turned
                  JOIN laid ON laid.clinic = coalesce(turned.provider_id, 0)) placed) dated
 WHERE touch.year = %(year)s AND touch.id = dated.id AND touch.state = 'planned'
