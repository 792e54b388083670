-- Takes the person to whom a call was promised for a time that has come, the earliest promise first; one missed for two
-- days stands in line with the others. Read by calls.next_call. Budget: a year of attempts (300 000) under 20 ms.
WITH next AS MATERIALIZED (
  SELECT t.year, t.id
    FROM informing_attempt a
    JOIN informing_touch t ON t.year = a.year AND t.id = a.touch_id
   WHERE a.again_at <= %(now)s AND a.again_at > %(now)s::timestamptz - interval '2 days'
     AND t.state = 'planned' AND t.wave_id = ANY(%(waves)s::bigint[]) AND t.zone = ANY(%(zones)s::varchar[])
     AND (t.until IS NULL OR t.until >= %(today)s)
     AND NOT EXISTS (SELECT 1 FROM informing_attempt later WHERE later.touch_id = a.touch_id AND later.id > a.id)
   ORDER BY a.again_at
   LIMIT 1
   FOR UPDATE OF t SKIP LOCKED
)
UPDATE informing_touch t
   SET state = 'claimed', employee_id = %(employee)s, claimed_at = %(now)s
  FROM next
 WHERE t.year = next.year AND t.id = next.id
RETURNING t.id
