-- People of a territory whose policy held on a day, each once. insurers NULL — everybody's. Read by
-- reports.measures.insured. Source: handbook 04 §1 no. 4. Budget: 3.2 million policies, one scan of each table.
SELECT count(DISTINCT policy.person_id) AS people
  FROM insured_policy policy
  JOIN insured_person person ON person.id = policy.person_id
 WHERE (%(insurers)s::bigint[] IS NULL OR policy.insurer_id = ANY(%(insurers)s::bigint[]))
   AND policy.since <= %(day)s AND (policy.until IS NULL OR policy.until >= %(day)s)
   AND person.territory_id = %(territory)s AND (person.died_on IS NULL OR person.died_on > %(day)s)
