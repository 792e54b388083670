-- Takes the next person of a wave and a clock for a talk; a colleague's row is stepped over, never waited for.
-- Read by calls.next_call. Budget: one of a million waiting under 20 ms.
WITH next AS MATERIALIZED (
  SELECT year, id
    FROM informing_touch
   WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned' AND zone = %(zone)s
     AND not_before <= %(now)s AND (until IS NULL OR until >= %(today)s)
   ORDER BY not_before
   LIMIT 1
   FOR UPDATE SKIP LOCKED
)
UPDATE informing_touch t
   SET state = 'claimed', employee_id = %(employee)s, claimed_at = %(now)s
  FROM next
 WHERE t.year = next.year AND t.id = next.id
RETURNING t.id
