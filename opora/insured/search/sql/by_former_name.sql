-- People by a name they had before; the given name is the one of that time or, where it was not kept, today's.
-- Read by insured.search.candidates.
-- Budget: 200 asks over 300 000 former names under 20 ms.
SELECT person.*
  FROM unnest(%(surnames)s::text[], %(given_from)s::text[], %(given_to)s::text[], %(patronymics)s::text[])
       WITH ORDINALITY AS ask(surname, given_from, given_to, patronymic, place)
 CROSS JOIN LATERAL (
       SELECT p.id, p.surname, p.given_name, p.patronymic, p.surname_key, p.given_key, p.patronymic_key, p.birth_on,
              f.surname AS former, f.surname_key AS former_key
         FROM insured_formername f
         JOIN insured_person p ON p.id = f.person_id
        WHERE f.surname_key = ask.surname
          AND (f.given_key >= ask.given_from AND f.given_key < ask.given_to OR f.given_key = '')
          AND (f.given_key <> '' OR p.given_key >= ask.given_from AND p.given_key < ask.given_to)
          AND p.birth_on BETWEEN %(born_from)s AND %(born_to)s
          AND left(p.patronymic_key, length(ask.patronymic)) = ask.patronymic
        LIMIT %(each)s) AS person
 ORDER BY ask.place
 LIMIT %(most)s
