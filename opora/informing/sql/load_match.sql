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
UPDATE incoming i
   SET person_id = CASE WHEN f.people = 1 THEN f.person_id END,
       state = CASE WHEN f.people = 1 THEN 'matched' ELSE 'ambiguous' END,
       why = CASE WHEN f.people = 1 THEN 'имя и дата рождения' ELSE 'подходят ' || f.people || ' человека' END
  FROM (SELECT i.ctid AS row, min(p.id) AS person_id, count(DISTINCT p.id) AS people
          FROM incoming i
          JOIN insured_person p ON p.birth_on = i.birth_on AND p.surname_key = i.surname_key
                               AND p.given_key = i.given_key
         WHERE i.person_id IS NULL AND i.surname_key <> '' AND i.given_key <> '' AND p.territory_id = %(territory)s
           AND (i.patronymic_key = '' OR p.patronymic_key = '' OR p.patronymic_key = i.patronymic_key)
         GROUP BY i.ctid) f
 WHERE i.ctid = f.row;
-- Somebody else's person does not exist here: the number in the file tells the partner nothing new.
UPDATE incoming i
   SET insurer_id = CASE WHEN t.is_ours THEN t.insurer_id ELSE %(insurer)s::bigint END,
       territory = CASE WHEN t.is_ours THEN t.territory_id ELSE %(territory)s END,
       provider_id = t.provider_id, listed_provider_id = t.listed_provider_id,
       person_id = CASE WHEN t.is_ours THEN i.person_id END,
       state = CASE WHEN t.is_ours OR i.person_id IS NULL THEN i.state ELSE 'dismissed' END,
       why = CASE WHEN t.is_ours OR i.person_id IS NULL THEN i.why ELSE 'В регистре за вами не числится' END
  FROM (SELECT i.ctid AS row, p.insurer_id, p.territory_id, p.provider_id, o.id AS listed_provider_id,
               p.id IS NOT NULL AND (%(insurer)s::bigint IS NULL OR p.insurer_id IS NOT DISTINCT FROM %(insurer)s::bigint)
               AS is_ours
          FROM incoming i
          LEFT JOIN insured_person p ON p.id = i.person_id
          LEFT JOIN organisations_organisation o
            ON o.kind = 'provider' AND o.code = i.provider_code AND i.provider_code <> '') t
 WHERE i.ctid = t.row;
ANALYZE incoming (what, person_id, insurer_id, issued_on)
