-- Of all who are insured here now, as many as were insured on the last day of the former year stay as they are; the
-- policies of the others begin in the course of the year. Read by world.populate. Budget: 3.6 million people, 60 s.
WITH insured AS (
  SELECT p.id, p.enp, row_number() OVER (ORDER BY hashtextextended(p.enp, %(seed)s)) AS place
    FROM insured_person p
   WHERE p.insurer_id = %(insurer)s
     AND EXISTS (SELECT FROM insured_policy o
                  WHERE o.person_id = p.id AND o.insurer_id = %(insurer)s AND o.since <= %(day)s AND o.until IS NULL)
)
UPDATE insured_policy o
   SET since = %(day)s::date + 10 + (abs(hashtextextended(insured.enp, %(seed)s + 1)) %% 230)::int
  FROM insured
 WHERE insured.place > %(insured)s AND o.person_id = insured.id AND o.insurer_id = %(insurer)s AND o.until IS NULL
   AND o.since <= %(day)s
