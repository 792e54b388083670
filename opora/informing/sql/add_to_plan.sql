-- People by id into the plan of their insurer, each once. Read by services.plan.add_to_plan. Budget: 50 000 under 2 s.
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, inform_by, roll_id,
                                 state, excluded, added_at)
SELECT %(year)s, %(measure)s, p.id, %(insurer)s, p.territory_id, p.provider_id, %(month)s, %(inform_by)s, %(roll)s,
       'open', '', now()
  FROM insured_person p
 WHERE p.id = ANY(%(people)s::bigint[])
ON CONFLICT (year, measure, person_id, insurer_id) DO NOTHING
