-- Letters of a run that should not go any more: since it was drawn up the person died, changed insurer or came, or the
-- touch was ended. Read by letters.queries.late. Budget: 50 000 under 1 s.
SELECT item.id,
       CASE WHEN t.state <> 'claimed' OR t.claimed_by <> %(marker)s THEN 'ended'
            WHEN p.died_on IS NOT NULL THEN 'dead'
            WHEN p.insurer_id IS NULL THEN 'no_policy'
            WHEN p.insurer_id <> t.insurer_id THEN 'other_insurer'
            ELSE 'passed' END AS reason
  FROM informing_letteritem item
  JOIN informing_touch t ON t.year = item.year AND t.id = item.touch_id
  JOIN insured_person p ON p.id = item.person_id
 WHERE item.run_id = %(run)s AND item.state = 'ready'
   AND (t.state <> 'claimed' OR t.claimed_by <> %(marker)s OR p.died_on IS NOT NULL
        OR p.insurer_id IS DISTINCT FROM t.insurer_id
        OR EXISTS (SELECT 1 FROM informing_planentry pe
                    WHERE pe.year = t.year AND pe.measure = t.measure AND pe.person_id = t.person_id
                      AND pe.insurer_id = t.insurer_id AND pe.state = 'passed'))
 ORDER BY item.place
