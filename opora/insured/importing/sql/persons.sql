-- New cards are written, known ones get what the file says differently; blanks of the file change nothing.
-- Read by importing.merging after match.sql; names of tables are those of staging.

INSERT INTO insured_person (id, territory_id, surname, given_name, patronymic, birth_on, sex, died_on, enp,
                            enp_is_confirmed, snils, insurer_id, provider_id, language, time_zone)
SELECT f.person_id, coalesce(s.territory_id, %(territory)s), coalesce(s.surname, ''), coalesce(s.given_name, ''),
       coalesce(s.patronymic, ''), s.birth_on, s.sex, s.died_on, s.enp, s.enp_is_confirmed, s.snils, s.insurer_id,
       s.provider_id, coalesce(s.language, 'ru'), coalesce(s.time_zone, '')
  FROM stage_person s JOIN found f USING (line)
 WHERE f.verdict = 'new';

CREATE TEMPORARY TABLE change (person_id bigint, "row" text, field text, before text, after text);

-- Cards as they were and as they become, only those that differ.
CREATE TEMPORARY TABLE was AS
SELECT p.id, p.surname, p.given_name, p.patronymic, p.birth_on, p.sex, p.died_on, p.enp, p.enp_is_confirmed, p.snils,
       p.territory_id, p.language, p.time_zone, n.surname AS new_surname, n.given_name AS new_given_name,
       n.patronymic AS new_patronymic, n.birth_on AS new_birth_on, n.sex AS new_sex, n.died_on AS new_died_on,
       n.enp AS new_enp, n.enp_is_confirmed AS new_enp_is_confirmed, n.snils AS new_snils,
       n.territory_id AS new_territory_id, n.language AS new_language, n.time_zone AS new_time_zone
  FROM stage_person s
  JOIN found f ON f.line = s.line AND f.verdict = 'same'
  JOIN insured_person p ON p.id = f.person_id
 CROSS JOIN LATERAL (
   SELECT coalesce(s.surname, p.surname) AS surname, coalesce(s.given_name, p.given_name) AS given_name,
          coalesce(s.patronymic, p.patronymic) AS patronymic, s.birth_on, s.sex, coalesce(s.died_on, p.died_on) AS died_on,
          coalesce(s.enp, p.enp) AS enp,
          CASE WHEN s.enp IS NULL THEN p.enp_is_confirmed ELSE s.enp_is_confirmed END AS enp_is_confirmed,
          coalesce(s.snils, p.snils) AS snils, coalesce(s.territory_id, p.territory_id) AS territory_id,
          coalesce(s.language, p.language) AS language, coalesce(s.time_zone, p.time_zone) AS time_zone
 ) n
 WHERE (p.surname, p.given_name, p.patronymic, p.birth_on, p.sex, p.died_on, p.enp, p.enp_is_confirmed, p.snils,
        p.territory_id, p.language, p.time_zone) IS DISTINCT FROM
       (n.surname, n.given_name, n.patronymic, n.birth_on, n.sex, n.died_on, n.enp, n.enp_is_confirmed, n.snils,
        n.territory_id, n.language, n.time_zone);

INSERT INTO change
SELECT w.id, 'person', v.field, coalesce(v.before, ''), coalesce(v.after, '')
  FROM was w
 CROSS JOIN LATERAL (VALUES
   ('surname', w.surname::text, w.new_surname::text), ('given_name', w.given_name::text, w.new_given_name::text),
   ('patronymic', w.patronymic::text, w.new_patronymic::text), ('birth_on', to_char(w.birth_on, 'DD.MM.YYYY'), to_char(w.new_birth_on, 'DD.MM.YYYY')),
   ('sex', CASE w.sex WHEN 1 THEN 'мужской' ELSE 'женский' END, CASE w.new_sex WHEN 1 THEN 'мужской' ELSE 'женский' END), ('died_on', to_char(w.died_on, 'DD.MM.YYYY'), to_char(w.new_died_on, 'DD.MM.YYYY')),
   ('enp', w.enp::text, w.new_enp::text), ('snils', w.snils::text, w.new_snils::text),
   ('territory', w.territory_id::text, w.new_territory_id::text), ('language', w.language::text, w.new_language::text),
   ('time_zone', w.time_zone::text, w.new_time_zone::text)
 ) AS v (field, before, after)
 WHERE v.before IS DISTINCT FROM v.after;

-- A changed name is remembered, so that search finds the person by the old one.
INSERT INTO insured_formername (person_id, surname, given_name, patronymic, until)
SELECT id, surname, given_name, patronymic, %(today)s FROM was
 WHERE (surname, given_name) IS DISTINCT FROM (new_surname, new_given_name)
   AND translate(lower(surname || ' ' || given_name), 'ё', 'е')
       <> translate(lower(new_surname || ' ' || new_given_name), 'ё', 'е')
    ON CONFLICT DO NOTHING;

UPDATE insured_person p
   SET surname = w.new_surname, given_name = w.new_given_name, patronymic = w.new_patronymic,
       birth_on = w.new_birth_on, sex = w.new_sex, died_on = w.new_died_on, enp = w.new_enp,
       enp_is_confirmed = w.new_enp_is_confirmed, snils = w.new_snils, territory_id = w.new_territory_id,
       language = w.new_language, time_zone = w.new_time_zone, version = p.version + 1, updated_at = now()
  FROM was w WHERE p.id = w.id;
