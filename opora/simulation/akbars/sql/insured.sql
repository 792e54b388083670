-- People insured by an organisation on a day, by their policies. Read by world.insured_on. Budget: 4 million policies, 10 s.
SELECT count(DISTINCT person_id) AS people
  FROM insured_policy
 WHERE insurer_id = %(insurer)s AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
