-- People by numbers. For each column there is a list of half-open ranges: a whole number, its beginning, or — in a column
-- kept backwards — its end. ``stems`` are the first letters of words written beside the number; none means no narrowing.
-- Branches that nobody asks are left out of the statement: planning all costs more than running one. Beside a word the
-- end of a number is looked for with the beginning of a surname or of a given name, in one index.
-- Shape: column asked, the low end of its range (which ask it was), the number as kept, the person.
-- Read by insured.search.candidates.
-- Budget: four digits in every column over 3.2 million people under 8 ms, a whole number under 2 ms.
SELECT 'enp' AS source, ask.low, hit.*
  FROM unnest(%(enp_from)s::text[], %(enp_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT p.enp AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.enp >= ask.low AND p.enp < ask.high
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'enp_tail' AS source, ask.low, hit.*
  FROM unnest(%(enp_tail_from)s::text[], %(enp_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT p.enp AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.enp_tail >= ask.low AND p.enp_tail < ask.high
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'enp_tail surname' AS source, ask.low, hit.*
  FROM unnest(%(enp_tail_from)s::text[], %(enp_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN unnest(%(stems)s::text[]) AS word(stem)
 CROSS JOIN LATERAL (
       SELECT p.enp AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.enp_tail >= ask.low AND p.enp_tail < ask.high
          AND p.surname_key >= word.stem AND p.surname_key < word.stem || chr(1114111)
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'enp_tail given' AS source, ask.low, hit.*
  FROM unnest(%(enp_tail_from)s::text[], %(enp_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN unnest(%(stems)s::text[]) AS word(stem)
 CROSS JOIN LATERAL (
       SELECT p.enp AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.enp_tail >= ask.low AND p.enp_tail < ask.high
          AND p.given_key >= word.stem AND p.given_key < word.stem || chr(1114111)
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'snils' AS source, ask.low, hit.*
  FROM unnest(%(snils_from)s::text[], %(snils_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT p.snils AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.snils >= ask.low AND p.snils < ask.high
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'snils_tail' AS source, ask.low, hit.*
  FROM unnest(%(snils_tail_from)s::text[], %(snils_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT p.snils AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.snils_tail >= ask.low AND p.snils_tail < ask.high
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'snils_tail surname' AS source, ask.low, hit.*
  FROM unnest(%(snils_tail_from)s::text[], %(snils_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN unnest(%(stems)s::text[]) AS word(stem)
 CROSS JOIN LATERAL (
       SELECT p.snils AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.snils_tail >= ask.low AND p.snils_tail < ask.high
          AND p.surname_key >= word.stem AND p.surname_key < word.stem || chr(1114111)
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'snils_tail given' AS source, ask.low, hit.*
  FROM unnest(%(snils_tail_from)s::text[], %(snils_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN unnest(%(stems)s::text[]) AS word(stem)
 CROSS JOIN LATERAL (
       SELECT p.snils AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_person p
        WHERE p.snils_tail >= ask.low AND p.snils_tail < ask.high
          AND p.given_key >= word.stem AND p.given_key < word.stem || chr(1114111)
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'phone' AS source, ask.low, hit.*
  FROM unnest(%(phone_from)s::text[], %(phone_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT n.normalised AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_contact n
         JOIN insured_person p ON p.id = n.person_id
        WHERE n.normalised >= ask.low AND n.normalised < ask.high AND n.normalised <> '' AND n.kind = 'phone'
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'phone_tail' AS source, ask.low, hit.*
  FROM unnest(%(phone_tail_from)s::text[], %(phone_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT n.normalised AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_contact n
         JOIN insured_person p ON p.id = n.person_id
        WHERE n.normalised_tail >= ask.low AND n.normalised_tail < ask.high AND n.normalised <> '' AND n.kind = 'phone'
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'policy' AS source, ask.low, hit.*
  FROM unnest(%(policy_from)s::text[], %(policy_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT n.number AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_policy n
         JOIN insured_person p ON p.id = n.person_id
        WHERE n.number >= ask.low AND n.number < ask.high AND n.number_tail <> ''
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'policy_tail' AS source, ask.low, hit.*
  FROM unnest(%(policy_tail_from)s::text[], %(policy_tail_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT n.number AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_policy n
         JOIN insured_person p ON p.id = n.person_id
        WHERE n.number_tail >= ask.low AND n.number_tail < ask.high AND n.number_tail <> ''
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
UNION ALL
SELECT 'document' AS source, ask.low, hit.*
  FROM unnest(%(document_from)s::text[], %(document_to)s::text[]) AS ask(low, high)
 CROSS JOIN LATERAL (
       SELECT n.series || ' ' || n.number AS number, p.id, p.surname, p.given_name, p.patronymic,
              p.surname_key, p.given_key, p.patronymic_key, p.birth_on
         FROM insured_identitydocument n
         JOIN insured_person p ON p.id = n.person_id
        WHERE n.number >= ask.low AND n.number < ask.high
          AND (%(stems)s::text[] = '{}' OR left(p.surname_key, 2) = ANY(%(stems)s::text[])
                                   OR left(p.given_key, 2) = ANY(%(stems)s::text[]))
        LIMIT %(each)s) AS hit
