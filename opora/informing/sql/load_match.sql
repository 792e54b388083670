-- Who is meant: by ЕНП, then СНИЛС, then policy, each only where birth date or surname agree; then by name and birth
-- date where exactly one fits. Read by loading. Budget: 50 000 records under 3 s; whole sets, no loop over records: a row
-- of staging has no key, so that names come back to it by its place (ctid), which is hashed.
UPDATE incoming i SET person_id = p.id, state = 'matched', why = 'ЕНП'
  FROM insured_person p
 WHERE i.enp <> '' AND p.enp = i.enp AND p.territory_id = %(territory)s
   AND (i.birth_on IS NULL OR p.birth_on = i.birth_on OR p.surname_key = i.surname_key);
UPDATE incoming i SET person_id = p.id, state = 'matched', why = 'СНИЛС'
  FROM insured_person p
 WHERE i.person_id IS NULL AND i.snils <> '' AND p.snils = i.snils AND p.territory_id = %(territory)s
   AND (i.birth_on IS NULL OR p.birth_on = i.birth_on OR p.surname_key = i.surname_key);
UPDATE incoming i SET person_id = p.id, state = 'matched', why = 'номер полиса'
  FROM insured_policy o JOIN insured_person p ON p.id = o.person_id
 WHERE i.person_id IS NULL AND i.policy <> '' AND o.number_tail <> '' AND o.number = i.policy
   AND p.territory_id = %(territory)s AND p.birth_on = i.birth_on AND p.surname_key = i.surname_key;
-- Names, and all that follows from the person, in one writing of each row. Somebody else's person does not exist here: the
-- number in the file tells the partner nothing new.
WITH named AS MATERIALIZED (
  SELECT i.ctid AS row, min(p.id) AS person_id, count(*) AS people
    FROM incoming i
    JOIN insured_person p ON p.birth_on = i.birth_on AND p.surname_key = i.surname_key AND p.given_key = i.given_key
   WHERE i.person_id IS NULL AND i.surname_key <> '' AND i.given_key <> '' AND p.territory_id = %(territory)s
     AND (i.patronymic_key = '' OR p.patronymic_key = '' OR p.patronymic_key = i.patronymic_key)
   GROUP BY i.ctid
), told AS (
  SELECT i.ctid AS row, named.people, o.id AS listed_provider_id,
         coalesce(i.person_id, CASE WHEN named.people = 1 THEN named.person_id END) AS person_id
    FROM incoming i
    LEFT JOIN named ON named.row = i.ctid
    LEFT JOIN organisations_organisation o
      ON o.kind = 'provider' AND o.code = i.provider_code AND i.provider_code <> ''
)
UPDATE incoming i
   SET insurer_id = CASE WHEN t.is_ours THEN t.insurer_id ELSE %(insurer)s::bigint END,
       territory = CASE WHEN t.is_ours THEN t.territory_id ELSE %(territory)s END,
       provider_id = t.provider_id, listed_provider_id = t.listed_provider_id,
       person_id = CASE WHEN t.is_ours THEN t.person_id END,
       state = CASE WHEN t.is_ours THEN 'matched' WHEN t.person_id IS NOT NULL THEN 'dismissed'
                    WHEN t.people > 1 THEN 'ambiguous' ELSE i.state END,
       why = CASE WHEN t.is_ours AND i.person_id IS NULL THEN 'имя и дата рождения' WHEN t.is_ours THEN i.why
                  WHEN t.person_id IS NOT NULL THEN 'В регистре за вами не числится'
                  WHEN t.people > 1 THEN 'подходит несколько человек: ' || t.people
                  WHEN coalesce(i.enp, '') || coalesce(i.snils, '') || coalesce(i.policy, '') <> ''
                    THEN 'номер, имя и дата рождения ни с кем не сходятся'
                  WHEN i.surname_key <> '' AND i.given_key <> '' AND i.birth_on IS NOT NULL
                    THEN 'номера в строке нет, с таким именем и датой рождения никого нет'
                  ELSE 'в строке нет ни номера, ни полного имени с датой рождения' END
  FROM (SELECT told.*, p.insurer_id, p.territory_id, p.provider_id,
               p.id IS NOT NULL AND (%(insurer)s::bigint IS NULL OR p.insurer_id IS NOT DISTINCT FROM %(insurer)s::bigint)
               AS is_ours
          FROM told LEFT JOIN insured_person p ON p.id = told.person_id) t
 WHERE i.ctid = t.row;
ANALYZE incoming (what, person_id, insurer_id, issued_on)
