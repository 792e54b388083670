-- Everybody born on a day, with former surnames; names are judged in Python. Index person_by_birth.
-- Read by insured.search.candidates.
-- Budget: a day of 3.2 million people (some 130 rows) under 3 ms.
SELECT p.id, p.surname, p.given_name, p.patronymic, p.surname_key, p.given_key, p.patronymic_key, p.birth_on,
       (SELECT array_agg(f.surname ORDER BY f.id) FROM insured_formername f
         WHERE f.person_id = p.id AND f.surname_key <> p.surname_key) AS former
  FROM insured_person p
 WHERE p.birth_on = %(day)s
 LIMIT %(most)s
