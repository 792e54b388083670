-- Matched people of a list into the plan of their insurer: the first list that names a person has him, another one adds
-- nothing; who has come before he was listed is listed as such. A planned visit of observation is a plan too, of the
-- month in which it may begin. Returns how many records told of people who were in the plan already. Read by loading.
-- Budget: 50 000 under 2 s.
WITH told AS MATERIALIZED (
  SELECT year, measure, person_id, insurer_id, territory, coalesce(listed_provider_id, provider_id) AS provider_id,
         coalesce(month, quarter * 3) AS month, inform_by, place
    FROM incoming WHERE what = 'entry' AND person_id IS NOT NULL AND insurer_id IS NOT NULL
  UNION ALL
  SELECT extract(year FROM coalesce(visit_from, visit_to)), measure, person_id, insurer_id, territory,
         coalesce(listed_provider_id, provider_id), extract(month FROM coalesce(visit_from, visit_to)), inform_by, place
    FROM incoming
   WHERE what = 'observation' AND person_id IS NOT NULL AND insurer_id IS NOT NULL
     AND coalesce(visit_from, visit_to) IS NOT NULL
), first AS MATERIALIZED (
  SELECT DISTINCT ON (year, measure, person_id, insurer_id) *
    FROM told
   ORDER BY year, measure, person_id, insurer_id, inform_by NULLS LAST, month NULLS LAST, place
), came AS (
  -- Told of by an earlier file; the visits of this one close their lines themselves. Observation has several visits a year: one says nothing of the next.
  SELECT v.person_id, v.measure, v.year, min(v."on") AS came_on
    FROM informing_visit v
    JOIN first ON first.person_id = v.person_id AND first.measure = v.measure AND first.year = v.year
   WHERE v.measure <> 'observation' AND v.roll_id <> %(roll)s AND v.corrected_by IS NULL
   GROUP BY v.person_id, v.measure, v.year
), planned AS (
  INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, inform_by,
                                   roll_id, state, excluded, passed_on, added_at)
  SELECT year, measure, person_id, insurer_id, territory, provider_id, month, inform_by, %(roll)s,
         CASE WHEN came_on IS NULL THEN 'open' ELSE 'passed' END, '', came_on, now()
    FROM first
    LEFT JOIN came USING (person_id, measure, year)
  ON CONFLICT (year, measure, person_id, insurer_id) DO NOTHING
  RETURNING year, measure, person_id, insurer_id
)
SELECT (SELECT count(DISTINCT place) FROM told)
       - (SELECT count(DISTINCT first.place) FROM first JOIN planned USING (year, measure, person_id, insurer_id))
       AS repeated
