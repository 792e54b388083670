-- Who came: the plan is closed, the last touch before the visit is the one he came after, what still waits is not sent.
-- Read by visits.close. Budget: 50 000 visits under 3 s.
WITH came AS MATERIALIZED (
  SELECT person_id, measure, year, min("on") AS came_on
    FROM informing_visit WHERE roll_id = %(roll)s GROUP BY person_id, measure, year
), closed AS (
  UPDATE informing_planentry pe SET state = 'passed', passed_on = came.came_on
    FROM came
   WHERE pe.year = came.year AND pe.measure = came.measure AND pe.person_id = came.person_id
     AND (pe.state <> 'passed' OR pe.passed_on > came.came_on)
  RETURNING 1
), visited AS (
  UPDATE informing_plannedvisit v SET came_on = came.came_on
    FROM came
   WHERE v.person_id = came.person_id AND v.measure = came.measure AND v.came_on IS NULL
     AND came.came_on BETWEEN v.visit_from - 30 AND v.visit_to + 30
  RETURNING 1
), answered AS (
  UPDATE informing_touch t SET came_on = last.came_on
    FROM (SELECT DISTINCT ON (t.person_id, t.measure) t.year, t.id, came.came_on
            FROM came
            JOIN informing_touch t ON t.person_id = came.person_id AND t.measure = came.measure AND t.year = came.year
           WHERE t.state IN ('sent', 'delivered', 'done', 'silent')
             AND coalesce(t.sent_at, t.final_at) < came.came_on + 1
           ORDER BY t.person_id, t.measure, coalesce(t.sent_at, t.final_at) DESC) last
   WHERE t.year = last.year AND t.id = last.id AND t.came_on IS NULL
  RETURNING 1
), spared AS (
  UPDATE informing_touch t SET state = 'cancelled', final_at = now(), outcome = 'passed'
    FROM came
   WHERE t.person_id = came.person_id AND t.measure = came.measure AND t.year = came.year AND t.state = 'planned'
  RETURNING 1
)
SELECT (SELECT count(*) FROM closed) AS closed, (SELECT count(*) FROM answered) AS answered,
       (SELECT count(*) FROM spared) AS spared, (SELECT count(*) FROM visited) AS visited
