-- Who is who: one row of "found" for every row of staging that is not left out. Read by importing.merging.
-- In this order: what a person has decided, ЕНП, СНИЛС, name and birth date. Several or contradicting — ambiguous.
-- Budget: a million new people against an empty register under 10 s.

CREATE TEMPORARY TABLE found (
  line integer, person_id bigint, verdict text, why text DEFAULT '', candidates bigint[], twin integer
);

-- The same person twice in one file: the first row counts, the others are reported.
INSERT INTO found (line, verdict, twin)
SELECT s.line, 'duplicate', d.line
  FROM (SELECT enp, min(line) AS line FROM stage_person WHERE enp IS NOT NULL GROUP BY enp HAVING count(*) > 1) d
  JOIN stage_person s ON s.enp = d.enp AND s.line > d.line
 WHERE s.forced IS NULL;

INSERT INTO found (line, verdict, twin)
SELECT DISTINCT ON (s.line) s.line, 'duplicate', d.line
  FROM (SELECT snils, min(line) AS line FROM stage_person WHERE snils IS NOT NULL GROUP BY snils HAVING count(*) > 1) d
  JOIN stage_person s ON s.snils = d.snils AND s.line > d.line
 WHERE s.forced IS NULL AND NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line);

INSERT INTO found (line, verdict, twin)
SELECT s.line, 'duplicate', min(t.line)
  FROM stage_person s
  JOIN stage_person t
    ON t.birth_on = s.birth_on AND t.line < s.line
   AND translate(lower(t.surname), 'ё-− ''’.', 'е') = translate(lower(s.surname), 'ё-− ''’.', 'е')
   AND translate(lower(t.given_name), 'ё-− ''’.', 'е') = translate(lower(s.given_name), 'ё-− ''’.', 'е')
   AND coalesce(translate(lower(t.patronymic), 'ё-− ''’.', 'е'), '')
     = coalesce(translate(lower(s.patronymic), 'ё-− ''’.', 'е'), '')
 WHERE s.enp IS NULL AND s.snils IS NULL AND s.forced IS NULL
   AND NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line)
 GROUP BY s.line;

-- A row that a person has already looked at: forced > 0 is that card, 0 is a new card, -1 is «leave it».
INSERT INTO found (line, person_id, verdict)
SELECT line, CASE forced WHEN 0 THEN nextval(pg_get_serial_sequence('insured_person', 'id')) WHEN -1 THEN NULL ELSE forced END,
       CASE forced WHEN 0 THEN 'new' WHEN -1 THEN 'skipped' ELSE 'same' END
  FROM stage_person WHERE forced IS NOT NULL;

-- By ЕНП. A number with another birth date and another name is not believed.
INSERT INTO found (line, person_id, verdict, why, candidates)
SELECT s.line, p.id, CASE WHEN agrees THEN 'same' ELSE 'ambiguous' END,
       CASE WHEN agrees THEN '' ELSE 'ЕНП тот же, а имя и дата рождения другие' END, ARRAY[p.id]
  FROM stage_person s
  JOIN insured_person p ON p.enp = s.enp
 CROSS JOIN LATERAL (
   SELECT p.birth_on = s.birth_on
          OR (p.surname_key = translate(lower(coalesce(s.surname, '')), 'ё-− ''’.', 'е') COLLATE "C"
              AND p.given_key = translate(lower(coalesce(s.given_name, '')), 'ё-− ''’.', 'е') COLLATE "C") AS agrees
 ) a
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line);

-- By СНИЛС. Several holders, another ЕНП, or another name and birth date — to the work list.
INSERT INTO found (line, person_id, verdict, why, candidates)
SELECT line, min(id), CASE WHEN bool_and(agrees) AND count(*) = 1 AND NOT bool_or(other_enp) THEN 'same' ELSE 'ambiguous' END,
       CASE WHEN count(*) > 1 THEN 'СНИЛС у нескольких людей'
            WHEN bool_or(other_enp) THEN 'СНИЛС тот же, а ЕНП другой'
            WHEN NOT bool_and(agrees) THEN 'СНИЛС тот же, а имя и дата рождения другие' ELSE '' END,
       array_agg(id ORDER BY id)
  FROM (SELECT s.line, p.id, p.enp <> s.enp AND p.enp IS NOT NULL AND s.enp IS NOT NULL AS other_enp,
               p.birth_on = s.birth_on
               OR (p.surname_key = translate(lower(coalesce(s.surname, '')), 'ё-− ''’.', 'е') COLLATE "C"
                   AND p.given_key = translate(lower(coalesce(s.given_name, '')), 'ё-− ''’.', 'е') COLLATE "C") AS agrees
          FROM stage_person s
          JOIN insured_person p ON p.snils = s.snils
         WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line)) m
 GROUP BY line;

-- By name and birth date: people whose numbers do not contradict. One — the same, several — to the work list.
-- A blank patronymic contradicts nothing, but it proves nothing either: with it even one is only a candidate.
INSERT INTO found (line, person_id, verdict, why, candidates)
SELECT line, min(id), CASE WHEN count(*) = 1 AND bool_and(is_full) THEN 'same' ELSE 'ambiguous' END,
       CASE WHEN count(*) > 1 THEN 'людей с таким именем и датой рождения несколько'
            WHEN NOT bool_and(is_full) THEN 'имя и дата рождения те же, а отчество есть только у одного' ELSE '' END,
       array_agg(id ORDER BY id)
  FROM (SELECT s.line, p.id,
               p.patronymic_key = coalesce(translate(lower(s.patronymic), 'ё-− ''’.', 'е'), '') COLLATE "C" AS is_full
          FROM (SELECT line, enp, snils, birth_on, patronymic,
                       translate(lower(coalesce(surname, '')), 'ё-− ''’.', 'е') COLLATE "C" AS surname_key,
                       translate(lower(coalesce(given_name, '')), 'ё-− ''’.', 'е') COLLATE "C" AS given_key
                  FROM stage_person
                 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.line = stage_person.line)) s
          JOIN insured_person p
            ON p.surname_key = s.surname_key AND p.given_key = s.given_key AND p.birth_on = s.birth_on
         WHERE (p.enp IS NULL OR s.enp IS NULL)
           AND (p.snils IS NULL OR s.snils IS NULL OR p.snils = s.snils)
           AND (p.patronymic_key = coalesce(translate(lower(s.patronymic), 'ё-− ''’.', 'е'), '') COLLATE "C"
                OR p.patronymic_key = '' OR s.patronymic IS NULL)) m
 GROUP BY line;

-- Two rows of the file that came to one card by different ways: the first counts.
UPDATE found f SET verdict = 'duplicate', twin = d.line
  FROM (SELECT person_id, min(line) AS line FROM found
         WHERE verdict = 'same' GROUP BY person_id HAVING count(*) > 1) d
 WHERE f.person_id = d.person_id AND f.line > d.line AND f.verdict = 'same';

-- Nobody else: a new card. A new person needs a policy, or nobody would see him.
INSERT INTO found (line, person_id, verdict)
SELECT s.line, CASE WHEN s.has_policy THEN nextval(pg_get_serial_sequence('insured_person', 'id')) END,
       CASE WHEN s.has_policy THEN 'new' ELSE 'no_policy' END
  FROM stage_person s
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.line = s.line);

ANALYZE found;
