-- Policies and attachments over time: a later one closes the earlier the day before, nothing is erased.
-- Read by importing.merging after persons.sql.

-- People who have just come bring all they have; nothing stands there yet to compare with.
INSERT INTO insured_policy (person_id, kind, series, number, insurer_id, since, until)
SELECT f.person_id, s.kind, s.series, s.number, s.insurer_id, s.since, s.until
  FROM stage_policy s JOIN found f ON f.line = s.line AND f.verdict = 'new'
 WHERE s.number <> '';

INSERT INTO insured_attachment (person_id, profile, provider_id, site_id, area, doctor_snils, since, until)
SELECT f.person_id, s.profile, s.provider_id, s.site_id, s.area, s.doctor_snils, s.since, s.until
  FROM stage_attachment s JOIN found f ON f.line = s.line AND f.verdict = 'new';

CREATE TEMPORARY TABLE policy_in AS
SELECT n.person_id, n.kind, n.series, n.number, n.insurer_id, n.since, n.until,
       p.id, p.series AS old_series, p.insurer_id AS old_insurer_id, p.until AS old_until
  FROM (SELECT f.person_id, s.kind, s.series, s.insurer_id, s.since, s.until,
               -- A policy of the uniform kind has the number of the person: the file may leave it out.
               coalesce(nullif(s.number, ''), (SELECT k.enp FROM insured_person k WHERE k.id = f.person_id)) AS number
          FROM stage_policy s JOIN found f ON f.line = s.line AND f.verdict = 'same') n
  LEFT JOIN insured_policy p
    ON p.person_id = n.person_id AND p.kind = n.kind AND p.number = n.number AND p.since = n.since
 WHERE n.number IS NOT NULL;

-- A policy that the file repeats: its end or its insurer may be known better now.
INSERT INTO change
SELECT person_id, 'policy', v.field, coalesce(v.before, ''), coalesce(v.after, '')
  FROM policy_in n
 CROSS JOIN LATERAL (VALUES
   ('until', to_char(n.old_until, 'DD.MM.YYYY'), to_char(coalesce(n.until, n.old_until), 'DD.MM.YYYY')),
   ('series', n.old_series::text, coalesce(nullif(n.series, ''), n.old_series)::text),
   ('insurer', (SELECT o.name FROM organisations_organisation o WHERE o.id = n.old_insurer_id),
    (SELECT o.name FROM organisations_organisation o WHERE o.id = n.insurer_id))) AS v (field, before, after)
 WHERE n.id IS NOT NULL AND v.before IS DISTINCT FROM v.after;

UPDATE insured_policy p
   SET until = coalesce(n.until, p.until), series = coalesce(nullif(n.series, ''), p.series), insurer_id = n.insurer_id
  FROM policy_in n
 WHERE p.id = n.id
   AND (p.until, p.series, p.insurer_id)
       IS DISTINCT FROM (coalesce(n.until, p.until), coalesce(nullif(n.series, ''), p.series), n.insurer_id);

-- Open policies that a later one of the file ends.
WITH ended AS (
  UPDATE insured_policy p SET until = n.since - 1
    FROM (SELECT o.id, min(i.since) AS since
            FROM policy_in i
            JOIN insured_policy o ON o.person_id = i.person_id AND o.since < i.since AND o.until IS NULL
           WHERE i.id IS NULL
           GROUP BY o.id) n
   WHERE p.id = n.id
  RETURNING p.person_id, p.until)
INSERT INTO change SELECT person_id, 'policy', 'until', '', to_char(until, 'DD.MM.YYYY') FROM ended;

INSERT INTO insured_policy (person_id, kind, series, number, insurer_id, since, until)
SELECT person_id, kind, series, number, insurer_id, since, until FROM policy_in WHERE id IS NULL;

INSERT INTO change SELECT person_id, 'policy', 'number', '', number FROM policy_in WHERE id IS NULL;

CREATE TEMPORARY TABLE attachment_in AS
SELECT f.person_id, s.profile, s.provider_id, s.site_id, s.area, s.doctor_snils,
       s.since, s.until, a.id, a.provider_id AS old_provider_id, a.site_id AS old_site_id, a.area AS old_area,
       a.doctor_snils AS old_doctor_snils, a.until AS old_until
  FROM stage_attachment s
  JOIN found f ON f.line = s.line AND f.verdict = 'same'
  LEFT JOIN insured_attachment a
    ON a.person_id = f.person_id AND a.profile = s.profile AND a.since = s.since;

INSERT INTO change
SELECT person_id, 'attachment', v.field, coalesce(v.before, ''), coalesce(v.after, '')
  FROM attachment_in n
 CROSS JOIN LATERAL (VALUES
   ('provider', (SELECT o.name FROM organisations_organisation o WHERE o.id = n.old_provider_id),
    (SELECT o.name FROM organisations_organisation o WHERE o.id = n.provider_id)),
   ('site', n.old_site_id::text, coalesce(n.site_id, CASE WHEN n.provider_id = n.old_provider_id THEN n.old_site_id END)::text),
   ('area', n.old_area::text, coalesce(nullif(n.area, ''), n.old_area)::text),
   ('doctor_snils', n.old_doctor_snils::text, coalesce(nullif(n.doctor_snils, ''), n.old_doctor_snils)::text),
   ('until', to_char(n.old_until, 'DD.MM.YYYY'), to_char(coalesce(n.until, n.old_until), 'DD.MM.YYYY'))) AS v (field, before, after)
 WHERE n.id IS NOT NULL AND v.before IS DISTINCT FROM v.after;

UPDATE insured_attachment a
   SET provider_id = n.provider_id, area = coalesce(nullif(n.area, ''), a.area), until = coalesce(n.until, a.until),
       site_id = coalesce(n.site_id, CASE WHEN n.provider_id = a.provider_id THEN a.site_id END),
       doctor_snils = coalesce(nullif(n.doctor_snils, ''), a.doctor_snils)
  FROM attachment_in n
 WHERE a.id = n.id
   AND (a.provider_id, a.area, a.until, a.site_id, a.doctor_snils) IS DISTINCT FROM
       (n.provider_id, coalesce(nullif(n.area, ''), a.area), coalesce(n.until, a.until),
        coalesce(n.site_id, CASE WHEN n.provider_id = a.provider_id THEN a.site_id END),
        coalesce(nullif(n.doctor_snils, ''), a.doctor_snils));

WITH ended AS (
  UPDATE insured_attachment a SET until = n.since - 1
    FROM (SELECT o.id, min(i.since) AS since
            FROM attachment_in i
            JOIN insured_attachment o
              ON o.person_id = i.person_id AND o.profile = i.profile AND o.since < i.since AND o.until IS NULL
           WHERE i.id IS NULL
           GROUP BY o.id) n
   WHERE a.id = n.id
  RETURNING a.person_id, a.until)
INSERT INTO change SELECT person_id, 'attachment', 'until', '', to_char(until, 'DD.MM.YYYY') FROM ended;

-- The file may know less than we do: an open attachment that began before a stored one ends where that begins.
INSERT INTO insured_attachment (person_id, profile, provider_id, site_id, area, doctor_snils, since, until)
SELECT n.person_id, n.profile, n.provider_id, n.site_id, n.area, n.doctor_snils, n.since,
       coalesce(n.until, (SELECT min(o.since) - 1 FROM insured_attachment o
                           WHERE o.person_id = n.person_id AND o.profile = n.profile AND o.since > n.since))
  FROM attachment_in n WHERE n.id IS NULL;

INSERT INTO change
SELECT person_id, 'attachment', 'provider', '', (SELECT o.name FROM organisations_organisation o WHERE o.id = provider_id)
  FROM attachment_in WHERE id IS NULL;
