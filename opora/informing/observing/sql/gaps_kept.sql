-- Gaps of this night into those of the night before: what did not change is not written, what somebody has taken or
-- settled stays his. Read by observing.nightly. Budget: 500 000, of them 20 000 new, under 15 s.
INSERT INTO informing_gap AS g (kind, source, source_id, territory, insurer_id, provider_id, person_id, diagnosis, due_on,
                                happened_on, why, found_at, note)
SELECT kind, source, source_id, %(territory)s, insurer_id, provider_id, person_id, diagnosis, due_on, happened_on,
       left(why, 200), %(now)s, ''
  FROM gaps_now
ON CONFLICT (kind, source, source_id) DO UPDATE
   SET insurer_id = EXCLUDED.insurer_id, provider_id = EXCLUDED.provider_id, diagnosis = EXCLUDED.diagnosis,
       due_on = EXCLUDED.due_on, happened_on = EXCLUDED.happened_on, why = EXCLUDED.why, closed_at = NULL
 WHERE (g.insurer_id, g.provider_id, g.diagnosis, g.due_on, g.happened_on, g.why, g.closed_at)
       IS DISTINCT FROM (EXCLUDED.insurer_id, EXCLUDED.provider_id, EXCLUDED.diagnosis, EXCLUDED.due_on,
                         EXCLUDED.happened_on, EXCLUDED.why, NULL)
