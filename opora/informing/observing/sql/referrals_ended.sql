-- Referrals of a roll that were cancelled or ended in an admission: who has no other open referral is not reminded any
-- more. What waits is cancelled with the reason, the plan keeps it for the waves to come. A fate told apart is found by
-- the records of the file. Read by observing.referrals. Budget: 50 000 under 2 s.
WITH touched AS MATERIALIZED (
  SELECT DISTINCT r.person_id
    FROM informing_referral r
   WHERE r.territory = %(territory)s AND r.person_id IS NOT NULL
     AND (r.cancelled_on IS NOT NULL OR r.admitted_on IS NOT NULL)
     AND (r.roll_id = %(roll)s OR r.key = ANY(%(keys)s::varchar[]) OR r.number = ANY(%(keys)s::varchar[]))
), ended AS MATERIALIZED (
  SELECT r.person_id, max(r.admitted_on) AS admitted_on, max(r.cancelled_on) AS cancelled_on
    FROM informing_referral r JOIN touched USING (person_id)
   GROUP BY r.person_id
  HAVING NOT bool_or(r.cancelled_on IS NULL AND r.admitted_on IS NULL AND r.planned_on >= %(today)s)
), closed AS (
  UPDATE informing_planentry pe
     SET state = CASE WHEN ended.admitted_on IS NULL THEN 'excluded' ELSE 'passed' END,
         excluded = CASE WHEN ended.admitted_on IS NULL THEN 'withdrawn' ELSE '' END,
         passed_on = ended.admitted_on
    FROM ended
   WHERE pe.person_id = ended.person_id AND pe.measure = 'hospital' AND pe.state = 'open'
     AND pe.year >= extract(year FROM coalesce(ended.admitted_on, ended.cancelled_on))
  RETURNING 1
), spared AS (
  UPDATE informing_touch t
     SET state = 'cancelled', final_at = %(now)s,
         outcome = CASE WHEN ended.admitted_on IS NULL THEN 'withdrawn' ELSE 'passed' END
    FROM ended
   WHERE t.person_id = ended.person_id AND t.measure = 'hospital' AND t.state = 'planned'
     AND t.year >= extract(year FROM coalesce(ended.admitted_on, ended.cancelled_on))
  RETURNING 1
)
SELECT (SELECT count(*) FROM closed) AS closed, (SELECT count(*) FROM spared) AS spared
