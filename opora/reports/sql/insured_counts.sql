-- People whose policy held on a day, each once: of every insurer with its branches, and of all insurers of a territory (0).
-- Read by reports.insured. Budget: 3.2 million policies under 30 s, once a night for each day.
INSERT INTO reports_insuredcount (territory, insurer_id, day, people, counted_at)
SELECT person.territory_id, coalesce(insurer.whole, 0), %(day)s::date, count(DISTINCT policy.person_id), %(now)s
  FROM insured_policy policy
  JOIN insured_person person ON person.id = policy.person_id
 CROSS JOIN LATERAL (
    SELECT coalesce(o.parent_id, o.id) AS whole FROM organisations_organisation o WHERE o.id = policy.insurer_id) insurer
 WHERE policy.since <= %(day)s AND (policy.until IS NULL OR policy.until >= %(day)s)
   AND (person.died_on IS NULL OR person.died_on > %(day)s)
 GROUP BY GROUPING SETS ((person.territory_id, insurer.whole), (person.territory_id))
