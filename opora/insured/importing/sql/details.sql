-- Contacts, former names, papers, categories, words given. Quality of a contact is never lowered by a file.
-- Read by importing.merging after coverage.sql.

INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source, confirmed_on)
SELECT f.person_id, s.kind, s.value, s.normalised, s.phone_kind, coalesce(s.owner, 'self'),
       coalesce(s.state, 'unconfirmed'), %(source)s, s.confirmed_on
  FROM stage_contact s JOIN found f ON f.line = s.line AND f.verdict = 'new';

CREATE TEMPORARY TABLE contact_in AS
SELECT DISTINCT ON (s.line, s.kind, s.value) f.person_id, s.kind, s.value, s.normalised, s.phone_kind, s.owner,
       s.state, s.confirmed_on, c.id, c.state AS old_state
  FROM stage_contact s
  JOIN found f ON f.line = s.line AND f.verdict = 'same'
  LEFT JOIN insured_contact c
    ON c.person_id = f.person_id AND c.kind = s.kind
   AND (c.value = s.value OR (s.normalised <> '' AND c.normalised = s.normalised))
 ORDER BY s.line, s.kind, s.value, c.value = s.value DESC;

-- What an operator has found out (a wrong, a dead number) stays, unless the file confirms the number later.
WITH better AS (
  UPDATE insured_contact c
     SET state = coalesce(n.state, c.state), owner = coalesce(n.owner, c.owner),
         confirmed_on = CASE WHEN n.state = 'confirmed' THEN n.confirmed_on
                             WHEN n.state IS NULL THEN c.confirmed_on END
    FROM contact_in n
   WHERE c.id = n.id
     AND (c.state NOT IN ('wrong', 'dead') OR (n.state = 'confirmed' AND n.confirmed_on > c.added_at::date))
     AND NOT (n.state = 'unconfirmed' AND c.state = 'confirmed')
     AND (coalesce(n.state, c.state), coalesce(n.owner, c.owner)) IS DISTINCT FROM (c.state, c.owner)
  RETURNING c.person_id, n.old_state, c.state)
INSERT INTO change SELECT person_id, 'contact', 'state', old_state, state FROM better;

INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source, confirmed_on)
SELECT person_id, kind, value, normalised, phone_kind, coalesce(owner, 'self'), coalesce(state, 'unconfirmed'),
       %(source)s, confirmed_on
  FROM contact_in WHERE id IS NULL;

INSERT INTO change SELECT person_id, 'contact', 'value', '', value FROM contact_in WHERE id IS NULL;

WITH added AS (
  INSERT INTO insured_formername (person_id, surname, given_name, patronymic, until)
  SELECT f.person_id, s.surname, s.given_name, s.patronymic, s.until
    FROM stage_former s JOIN found f ON f.line = s.line AND f.verdict IN ('new', 'same')
      ON CONFLICT DO NOTHING RETURNING person_id, surname)
INSERT INTO change
SELECT person_id, 'former_name', 'surname', '', surname FROM added
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.person_id = added.person_id AND f.verdict = 'new');

WITH known AS (
  UPDATE insured_identitydocument d
     SET issued_on = coalesce(s.issued_on, d.issued_on), issuer = coalesce(nullif(s.issuer, ''), d.issuer)
    FROM stage_document s JOIN found f ON f.line = s.line AND f.verdict = 'same'
   WHERE d.person_id = f.person_id AND d.kind = s.kind AND d.series = s.series AND d.number = s.number
     AND (d.issued_on, d.issuer)
         IS DISTINCT FROM (coalesce(s.issued_on, d.issued_on), coalesce(nullif(s.issuer, ''), d.issuer))
  RETURNING d.person_id, d.issued_on)
INSERT INTO change SELECT person_id, 'document', 'issued_on', '', coalesce(to_char(issued_on, 'DD.MM.YYYY'), '') FROM known;

-- A newer paper of the same kind takes the place of the older one.
WITH added AS (
  INSERT INTO insured_identitydocument (person_id, kind, series, number, issued_on, issuer)
  SELECT f.person_id, s.kind, s.series, s.number, s.issued_on, s.issuer
    FROM stage_document s JOIN found f ON f.line = s.line AND f.verdict IN ('new', 'same')
      ON CONFLICT DO NOTHING RETURNING id, person_id, kind, number, issued_on),
replaced AS (
  UPDATE insured_identitydocument d SET is_current = false
    FROM added a
   WHERE d.person_id = a.person_id AND d.kind = a.kind AND d.id <> a.id AND d.is_current
     AND (d.issued_on IS NULL OR d.issued_on < a.issued_on))
INSERT INTO change
SELECT person_id, 'document', 'number', '', number FROM added
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.person_id = added.person_id AND f.verdict = 'new');

WITH added AS (
  INSERT INTO insured_personcategory AS c (person_id, code, since, until)
  SELECT f.person_id, s.code, s.since, s.until
    FROM stage_category s JOIN found f ON f.line = s.line AND f.verdict IN ('new', 'same')
      ON CONFLICT (person_id, code) DO UPDATE
     SET since = coalesce(excluded.since, c.since), until = coalesce(excluded.until, c.until)
   WHERE (c.since, c.until) IS DISTINCT FROM (coalesce(excluded.since, c.since), coalesce(excluded.until, c.until))
     AND coalesce(excluded.since, c.since, '-infinity') <= coalesce(excluded.until, c.until, 'infinity')
  RETURNING person_id, code)
INSERT INTO change
SELECT person_id, 'category', 'code', '', code FROM added
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.person_id = added.person_id AND f.verdict = 'new');

WITH added AS (
  INSERT INTO insured_consent (person_id, channel, purpose, is_granted, decided_on, until, source)
  SELECT f.person_id, s.channel, s.purpose, s.is_granted, s.decided_on, s.until, %(source)s
    FROM stage_consent s JOIN found f ON f.line = s.line AND f.verdict IN ('new', 'same')
      ON CONFLICT DO NOTHING RETURNING person_id, channel, is_granted)
INSERT INTO change
SELECT person_id, 'consent', 'is_granted', '', channel || CASE WHEN is_granted THEN ': да' ELSE ': нет' END FROM added
 WHERE NOT EXISTS (SELECT 1 FROM found f WHERE f.person_id = added.person_id AND f.verdict = 'new');

-- One line of history for each changed field.
INSERT INTO insured_personchange (person_id, by_id, by_name, source, "row", field, before, after)
SELECT person_id, %(by_id)s, %(by_name)s, %(told)s, "row", field, coalesce(before, ''), coalesce(after, '') FROM change;
