-- Takes the next person of a wave and a clock for a talk; a colleague's row is stepped over, never waited for. The first
-- «most» are judged as one set by what may have changed since the plan: who is not to be phoned any more is cancelled,
-- whom another campaign has just touched is put off, all in this statement. Rows of people outside of her scope are not
-- seen at all. Gives one row: the touch taken, or none, and how many were looked at: fewer than «most» are the last ones.
-- Read by calls.next_call. Budget: one of a million waiting under 20 ms; 2 000 to put off under 0.5 s.
WITH waiting AS MATERIALIZED (
  SELECT year, id, person_id, measure, insurer_id, territory, provider_id, contact_id, attempts, not_before, planned_at
    FROM informing_touch
   WHERE year = %(year)s AND wave_id = %(wave)s AND state = 'planned' AND zone = %(zone)s
     AND not_before <= %(now)s AND (until IS NULL OR until >= %(today)s)
   ORDER BY not_before
   LIMIT %(most)s
), judged AS MATERIALIZED (
  SELECT w.year, w.id, w.not_before,
         CASE
           WHEN p.id IS NULL OR p.died_on IS NOT NULL OR p.insurer_id IS DISTINCT FROM w.insurer_id THEN 'cancelled'
           WHEN p.territory_id <> w.territory THEN 'cancelled'
           WHEN p.provider_id <> w.provider_id AND w.measure NOT IN ('observation', 'hospital') THEN 'cancelled'
           WHEN (SELECT c.is_granted FROM insured_consent c
                  WHERE c.person_id = w.person_id AND c.channel = 'call' AND c.purpose = 'informing'
                    AND (c.until IS NULL OR c.until >= %(today)s)
                  ORDER BY c.decided_on DESC, c.id DESC LIMIT 1) IS FALSE THEN 'cancelled'
           WHEN EXISTS (
                  SELECT 1 FROM informing_touch o
                   WHERE o.year = w.year AND o.person_id = w.person_id AND o.measure = w.measure AND o.id <> w.id
                     AND o.outcome IN ('refused', 'passed')
                     AND (o.outcome = 'refused' OR w.measure <> 'observation' OR o.final_at >= w.planned_at))
             THEN 'cancelled'
           WHEN EXISTS (
                  SELECT 1 FROM informing_reported r
                   WHERE r.person_id = w.person_id AND r.measure = w.measure AND r.outcome IN ('refused', 'passed')
                     AND extract(year FROM r."on") = w.year
                     AND (r.outcome = 'refused' OR w.measure <> 'observation' OR r."on" >= w.planned_at::date))
             THEN 'cancelled'
           -- He came while she had him in hand and promised to phone later: what waits was spared without him.
           WHEN w.attempts > 0 AND EXISTS (
                  SELECT 1 FROM informing_visit v JOIN informing_roll r ON r.id = v.roll_id
                   WHERE v.year = w.year AND v.measure = w.measure AND v.person_id = w.person_id
                     AND v.corrected_by IS NULL AND r.loaded_at >= w.planned_at
                     AND (w.measure <> 'observation' OR v."on" >= w.planned_at::date)) THEN 'cancelled'
           WHEN NOT EXISTS (
                  SELECT 1 FROM insured_contact c
                   WHERE c.person_id = w.person_id AND c.kind = 'phone' AND c.state IN ('unconfirmed', 'confirmed')
                     AND (c.normalised <> '' OR c.id = w.contact_id)) THEN 'cancelled'
           WHEN %(capped)s AND w.attempts = 0 AND EXISTS (
                  SELECT 1 FROM informing_touch o
                   WHERE o.year = ANY(%(years)s::int[]) AND o.person_id = w.person_id AND o.campaign_id <> %(campaign)s
                     AND o.sent_at > %(capped_since)s) THEN 'planned'
           ELSE 'claimed'
         END AS state
    FROM waiting w LEFT JOIN insured_person p ON p.id = w.person_id
), mine AS MATERIALIZED (
  SELECT t.year, t.id
    FROM judged JOIN informing_touch t ON t.year = judged.year AND t.id = judged.id
   WHERE judged.state = 'claimed' AND t.state = 'planned'
   ORDER BY judged.not_before
   LIMIT 1
   FOR UPDATE OF t SKIP LOCKED
), unfit AS MATERIALIZED (
  SELECT t.year, t.id, judged.state
    FROM judged JOIN informing_touch t ON t.year = judged.year AND t.id = judged.id
   WHERE judged.state <> 'claimed' AND t.state = 'planned'
   FOR UPDATE OF t SKIP LOCKED
), moved AS (
  UPDATE informing_touch t
     SET state = next.state,
         employee_id = CASE WHEN next.state = 'claimed' THEN %(employee)s::bigint END,
         claimed_at = CASE WHEN next.state = 'claimed' THEN %(now)s END,
         not_before = CASE WHEN next.state = 'planned' THEN %(spared_until)s ELSE t.not_before END,
         final_at = CASE WHEN next.state = 'cancelled' THEN %(now)s END,
         outcome = CASE WHEN next.state = 'cancelled' THEN 'impossible' ELSE t.outcome END
    FROM (SELECT year, id, 'claimed' AS state FROM mine UNION ALL SELECT year, id, state FROM unfit) next
   WHERE t.year = next.year AND t.id = next.id
  RETURNING t.id, t.state
)
SELECT (SELECT id FROM moved WHERE state = 'claimed') AS id, (SELECT count(*) FROM waiting) AS looked_at
