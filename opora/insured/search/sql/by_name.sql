-- People by the key of the surname, the beginning of the given name, days of birth and the beginning of the patronymic;
-- the likelier asks first, at most 21 of each. Under row security only = < >= of these columns reach the index
-- person_by_name. Read by insured.search.candidates.
-- Budget: 200 asks over 3.2 million people under 20 ms.
SELECT person.*
  FROM unnest(%(surnames)s::text[], %(given_from)s::text[], %(given_to)s::text[], %(patronymics)s::text[])
       WITH ORDINALITY AS ask(surname, given_from, given_to, patronymic, place)
 CROSS JOIN LATERAL (
       SELECT p.id, p.surname, p.given_name, p.patronymic, p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.surname_key = ask.surname AND p.given_key >= ask.given_from AND p.given_key < ask.given_to
          AND p.birth_on BETWEEN %(born_from)s AND %(born_to)s
          AND left(p.patronymic_key, length(ask.patronymic)) = ask.patronymic
        LIMIT %(each)s) AS person
 ORDER BY ask.place
 LIMIT %(most)s
