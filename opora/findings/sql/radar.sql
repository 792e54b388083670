-- Waits told of in a period by clinic and service: appeals, over the limit, the days told (middle and longest), and by
-- weeks from %(since)s how many appeals and how many over. A scope says which rows; %(territory)s '' and %(insurer)s
-- NULL ask for all it sees, %(provider)s NULL for all clinics. Worst first. Read by findings.radar.
-- Budget: 200 ms for a quarter of a territory (1 000 facts a day).
WITH cells AS MATERIALIZED (
  SELECT provider_id, code, suspicion, (day - %(since)s::date) / 7 AS week, number, over, days
    FROM findings_day
   WHERE what = 'wait' AND day >= %(since)s AND day <= %(until)s
     AND (%(territory)s = '' OR territory = %(territory)s)
     AND (%(insurer)s::bigint IS NULL OR insurer_id = %(insurer)s)
     AND (%(provider)s::bigint IS NULL OR provider_id = %(provider)s)),
weekly AS (
  SELECT provider_id, code, suspicion, week, sum(number)::integer AS number, sum(over)::integer AS over
    FROM cells GROUP BY 1, 2, 3, 4),
told AS (
  SELECT c.provider_id, c.code, c.suspicion, percentile_disc(0.5) WITHIN GROUP (ORDER BY one) AS middle, max(one) AS longest
    FROM cells c CROSS JOIN LATERAL unnest(c.days) AS one GROUP BY 1, 2, 3)
SELECT w.provider_id, w.code, w.suspicion, sum(w.number)::integer AS number, sum(w.over)::integer AS over,
       max(t.middle) AS middle, max(t.longest) AS longest,
       array_agg(w.week ORDER BY w.week) AS weeks, array_agg(w.number ORDER BY w.week) AS numbers,
       array_agg(w.over ORDER BY w.week) AS overs
  FROM weekly w
  LEFT JOIN told t ON (t.provider_id, t.code, t.suspicion) = (w.provider_id, w.code, w.suspicion)
 GROUP BY 1, 2, 3
 ORDER BY sum(w.over) DESC, sum(w.number) DESC, 1, 2, 3
 LIMIT %(most)s
