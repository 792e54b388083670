-- People by id into the plan of their insurer, each once; who has come already is there as such (observation has several
-- visits a year: one says nothing of the next). Read by services.plan.add_to_plan. Budget: 50 000 under 2 s.
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, inform_by, roll_id,
                                 state, excluded, passed_on, added_at)
SELECT %(year)s, %(measure)s, p.id, %(insurer)s, p.territory_id, p.provider_id, %(month)s, %(inform_by)s, %(roll)s,
       CASE WHEN came.passed_on IS NULL THEN 'open' ELSE 'passed' END, '', came.passed_on, now()
  FROM insured_person p
 CROSS JOIN LATERAL (
   SELECT min(v."on") AS passed_on
     FROM informing_visit v
    WHERE v.year = %(year)s AND v.measure = %(measure)s AND v.person_id = p.id AND v.measure <> 'observation'
      AND v.corrected_by IS NULL) came
 WHERE p.id = ANY(%(people)s::bigint[])
ON CONFLICT (year, measure, person_id, insurer_id) DO NOTHING
