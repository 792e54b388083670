-- Matched people of a list into the plan of their insurer: the first list that names a person has him, another one adds
-- nothing. A planned visit of observation is a plan too. Read by loading. Budget: 50 000 under 2 s.
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, inform_by, roll_id,
                                 state, excluded, added_at)
SELECT DISTINCT ON (year, measure, person_id, insurer_id)
       year, measure, person_id, insurer_id, territory, coalesce(listed_provider_id, provider_id),
       coalesce(month, quarter * 3), inform_by, %(roll)s, 'open', '', now()
  FROM (SELECT year, measure, person_id, insurer_id, territory, listed_provider_id, provider_id, month, quarter,
               inform_by, place
          FROM incoming WHERE what = 'entry'
        UNION ALL
        SELECT extract(year FROM visit_to), measure, person_id, insurer_id, territory, listed_provider_id, provider_id,
               extract(month FROM visit_to), NULL, inform_by, place
          FROM incoming WHERE what = 'observation' AND visit_to IS NOT NULL) told
 WHERE person_id IS NOT NULL AND insurer_id IS NOT NULL
 ORDER BY year, measure, person_id, insurer_id, inform_by NULLS LAST, month NULLS LAST, place
ON CONFLICT (year, measure, person_id, insurer_id) DO NOTHING
