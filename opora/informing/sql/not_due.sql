-- Those whom a list names though this year is not theirs go out of the plan, or come back to it; what waits to be sent
-- to who goes out is not sent. Read by services.not_due. Budget: a list of 50 000 under 2 s.
WITH listed AS MATERIALIZED (
  SELECT DISTINCT year, measure, person_id, insurer_id
    FROM informing_entry
   WHERE roll_id = %(roll)s AND critique <> '' AND person_id IS NOT NULL AND insurer_id IS NOT NULL
), moved AS (
  UPDATE informing_planentry pe
     SET state = CASE WHEN %(out)s THEN 'excluded' ELSE 'open' END, excluded = CASE WHEN %(out)s THEN 'not_due' ELSE '' END
    FROM listed
   WHERE pe.year = listed.year AND pe.measure = listed.measure AND pe.person_id = listed.person_id
     AND pe.insurer_id = listed.insurer_id
     AND CASE WHEN %(out)s THEN pe.state = 'open' ELSE pe.state = 'excluded' AND pe.excluded = 'not_due' END
  RETURNING pe.year, pe.measure, pe.person_id, pe.insurer_id
), spared AS (
  UPDATE informing_touch t
     SET state = 'cancelled', outcome = 'impossible', final_at = %(now)s
    FROM moved
   WHERE %(out)s AND t.year = moved.year AND t.measure = moved.measure AND t.person_id = moved.person_id
     AND t.insurer_id = moved.insurer_id AND t.state = 'planned'
  RETURNING 1
)
SELECT (SELECT count(*) FROM moved) AS people, (SELECT count(*) FROM spared) AS messages
