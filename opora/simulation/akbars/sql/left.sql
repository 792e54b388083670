-- Who left for another insurer in a month: his policy here ends. Read by people.lose. Budget: 5 000 people under 10 s.
UPDATE insured_policy o SET until = y.left_on
  FROM year_people y
 WHERE y.person_id = o.person_id AND y.left_on BETWEEN %(first)s AND %(last)s AND o.insurer_id = %(insurer)s
   AND o.until IS NULL
