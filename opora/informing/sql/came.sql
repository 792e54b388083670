-- Who came: the plan is closed, the last touch before the visit is the one he came after, what still waits is not sent.
-- Who came for several days was brought by what reached him before the first of them; the plan is closed by the last.
-- Observation has several visits a year, each with a touch of its own; elsewhere the first one counts.
-- Read by visits.close. Budget: 50 000 visits under 3 s.
WITH told AS MATERIALIZED (
  SELECT person_id, measure, year, "on", coalesce(began_on, "on") AS began_on
    FROM informing_visit
   WHERE roll_id = %(roll)s AND (%(person)s::bigint IS NULL OR person_id = %(person)s) AND corrected_by IS NULL
), came AS MATERIALIZED (
  SELECT person_id, measure, year, min("on") AS came_on FROM told GROUP BY person_id, measure, year
), each AS MATERIALIZED (
  SELECT person_id, measure, year, min(began_on) AS came_on FROM told
   WHERE measure <> 'observation' GROUP BY person_id, measure, year
  UNION ALL
  SELECT person_id, measure, year, "on" FROM told WHERE measure = 'observation'
), closed AS (
  UPDATE informing_planentry pe SET state = 'passed', passed_on = came.came_on
    FROM came
   WHERE pe.year = came.year AND pe.measure = came.measure AND pe.person_id = came.person_id
     AND (pe.state <> 'passed' OR pe.passed_on > came.came_on)
  RETURNING 1
), answered AS (
  UPDATE informing_touch t SET came_on = last.came_on
    FROM (SELECT year, id, min(came_on) AS came_on
            FROM (SELECT DISTINCT ON (t.person_id, t.measure, each.came_on) t.year, t.id, each.came_on
                    FROM each
                    JOIN informing_touch t
                      ON t.person_id = each.person_id AND t.measure = each.measure AND t.year = each.year
                   WHERE t.state IN ('sent', 'delivered', 'done', 'silent')
                     AND coalesce(t.sent_at, t.final_at) < each.came_on + 1
                   ORDER BY t.person_id, t.measure, each.came_on, coalesce(t.sent_at, t.final_at) DESC) latest
           GROUP BY year, id) last
   WHERE t.year = last.year AND t.id = last.id AND t.came_on IS NULL
  RETURNING 1
), spared AS (
  UPDATE informing_touch t SET state = 'cancelled', final_at = now(), outcome = 'passed'
    FROM came
   WHERE t.person_id = came.person_id AND t.measure = came.measure AND t.year = came.year AND t.state = 'planned'
  RETURNING 1
)
SELECT (SELECT count(*) FROM closed) AS closed, (SELECT count(*) FROM answered) AS answered,
       (SELECT count(*) FROM spared) AS spared
