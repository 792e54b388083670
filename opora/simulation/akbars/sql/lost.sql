-- Who died in a month, in the register. Read by people.lose. Budget: 5 000 people under 5 s.
UPDATE insured_person p SET died_on = y.died_on
  FROM year_people y
 WHERE y.person_id = p.id AND y.died_on BETWEEN %(first)s AND %(last)s AND p.died_on IS NULL
