-- Facts of one territory by series and week: a topic at a clinic counts appeals, a service waits over the limit.
-- %(insurer)s NULL — of all. Weeks are numbered from %(since)s, a Monday; clinics nobody named are left out.
-- Read by findings.watching. Budget: 100 ms for half a year of a territory (1 000 facts a day).
SELECT provider_id, what, code, (day - %(since)s::date) / 7 AS week,
       sum(CASE WHEN what = 'wait' THEN over ELSE number END)::integer AS number
  FROM findings_day
 WHERE territory = %(territory)s AND day >= %(since)s AND day < %(until)s AND provider_id <> 0
   AND code <> '' AND (%(insurer)s::bigint IS NULL OR insurer_id = %(insurer)s)
 GROUP BY 1, 2, 3, 4
