-- Letters of a run that should not go any more: what may have changed since it was drawn up, in the order of
-- claim_letters, or the touch was ended. Of observation, which has several visits a year, only what came after the plan
-- counts. Read by letters.queries.late. Budget: 50 000 under 1 s.
SELECT id, reason
  FROM (SELECT item.id, item.place,
               CASE
                 WHEN t.state <> 'claimed' OR t.claimed_by <> %(marker)s THEN 'ended'
                 WHEN p.died_on IS NOT NULL THEN 'dead'
                 WHEN p.insurer_id IS NULL THEN 'no_policy'
                 WHEN p.insurer_id <> t.insurer_id THEN 'other_insurer'
                 WHEN p.territory_id <> t.territory THEN 'moved'
                 WHEN p.provider_id <> t.provider_id AND t.measure NOT IN ('observation', 'hospital') THEN 'other_clinic'
                 WHEN t.measure <> 'observation' AND EXISTS (
                        SELECT 1 FROM informing_planentry pe
                         WHERE pe.year = t.year AND pe.measure = t.measure AND pe.person_id = t.person_id
                           AND pe.insurer_id = t.insurer_id AND pe.state = 'passed') THEN 'passed'
                 WHEN t.measure = 'observation' AND EXISTS (
                        SELECT 1 FROM informing_visit v
                         WHERE v.person_id = t.person_id AND v.measure = t.measure
                           AND v.corrected_by IS NULL AND v."on" >= t.planned_at::date) THEN 'passed'
                 ELSE coalesce(
                   (SELECT o.outcome FROM informing_touch o
                     WHERE o.person_id = t.person_id AND o.year = t.year AND o.measure = t.measure
                       AND (o.outcome = 'refused'
                            OR o.outcome = 'passed' AND (t.measure <> 'observation' OR o.final_at >= t.planned_at))
                     ORDER BY o.outcome DESC LIMIT 1),
                   (SELECT r.outcome FROM informing_reported r
                     WHERE r.person_id = t.person_id AND r.measure = t.measure AND extract(year FROM r."on") = t.year
                       AND (r.outcome = 'refused'
                            OR r.outcome = 'passed' AND (t.measure <> 'observation' OR r."on" >= t.planned_at::date))
                     ORDER BY r.outcome DESC LIMIT 1),
                   CASE WHEN (SELECT c.is_granted FROM insured_consent c
                               WHERE c.person_id = t.person_id AND c.channel = 'letter' AND c.purpose = 'informing'
                                 AND (c.until IS NULL OR c.until >= %(today)s)
                               ORDER BY c.decided_on DESC, c.id DESC LIMIT 1) IS FALSE THEN 'no_consent' END,
                   '')
               END AS reason
          FROM informing_letteritem item
          JOIN informing_touch t ON t.year = item.year AND t.id = item.touch_id
          JOIN insured_person p ON p.id = item.person_id
         WHERE item.run_id = %(run)s AND item.state = 'ready') judged
 WHERE reason <> ''
 ORDER BY place
