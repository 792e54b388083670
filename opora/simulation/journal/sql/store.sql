-- A staged block becomes appeals, grants, texts, people, events and what belongs to them. Run by simulation.journal.load
-- as store. Numbers go on from the last one of each organisation and year, in the order of registering;
-- ``sight`` is how deep each holder of a grant sees (appeals.visibility.sight).
-- Budget: 5 000 appeals under 3 s.
CREATE TEMPORARY TABLE lived_numbers ON COMMIT DROP AS
WITH moved AS (
    INSERT INTO appeals_numbering (organisation_id, year, last)
    SELECT organisation, year, count(*) FROM lived_appeal GROUP BY organisation, year
    ON CONFLICT (organisation_id, year) DO UPDATE SET last = appeals_numbering.last + excluded.last
    RETURNING organisation_id, year, last)
SELECT a.id, m.last - count(*) OVER (PARTITION BY a.organisation, a.year)
       + row_number() OVER (PARTITION BY a.organisation, a.year ORDER BY a.registered_at, a.place) AS sequence
  FROM lived_appeal a
  JOIN moved m ON m.organisation_id = a.organisation AND m.year = a.year;
ANALYZE lived_numbers;

INSERT INTO appeals_appeal (
    id, territory_id, organisation_id, year, sequence, number, kind, form, channel, origin, origin_name, standing,
    topic_id, topic_code, topic_note, flags, received_at, registered_at, registered_by_id, line_received, line,
    handler_id, responsible, owner_id, stage, due_at, due_on, needs_answer, interim_answered_at, answered_at, closed_at,
    outcome, verdict, outside, outside_at, incoming_number, outgoing_number, is_repeat, call_id)
SELECT a.id, %(territory)s, a.organisation, a.year, n.sequence,
       o.code || '-' || lpad((a.year %% 100)::text, 2, '0') || '-' || lpad(n.sequence::text, 6, '0'),
       a.kind, a.form, a.channel, 'direct', '', a.standing, a.topic_id, a.topic_code, '', a.flags, a.received_at,
       a.registered_at, a.registered_by, a.line_received, a.line, a.handler_id, a.responsible, a.owner_id, a.stage,
       a.due_at, a.due_on, a.needs_answer, a.interim_answered_at, a.answered_at, a.closed_at, a.outcome, a.verdict,
       a.outside, a.outside_at, '', '', false, a.call_id
  FROM lived_appeal a
  JOIN lived_numbers n USING (id)
  JOIN organisations_organisation o ON o.id = a.organisation
 ORDER BY a.place;

INSERT INTO appeals_grant (
    appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
    kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT a.id, g.organisation, %(territory)s, a.organisation, g.reason, may.depth1, may.depth2, may.depth3,
       a.registered_at, a.registered_at, a.kind, a.topic_code, a.channel, a.stage, a.line, a.handler_id, a.owner_id, a.due_at, a.closed_at
  FROM lived_appeal a
  JOIN (SELECT appeal, organisation, reason FROM lived_grant
        UNION ALL
        SELECT a.id, fund.id, 'fund'
          FROM lived_appeal a
          JOIN organisations_organisation fund ON fund.kind = 'fund' AND fund.territory_id = %(territory)s
         WHERE NOT EXISTS (SELECT 1 FROM lived_grant own WHERE own.appeal = a.id AND own.organisation = fund.id)) g
    ON g.appeal = a.id
  JOIN jsonb_to_recordset(%(sight)s::jsonb)
       AS may(organisation bigint, reason text, kind text, depth1 smallint, depth2 smallint, depth3 smallint)
    ON may.organisation = g.organisation AND may.reason = g.reason AND may.kind = a.kind
 ORDER BY a.place;

INSERT INTO appeals_appealtext (appeal_id, text) SELECT id, text FROM lived_appeal ORDER BY place;

INSERT INTO appeals_party (
    appeal_id, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, document_type,
    document_series, document_number, phone, email, address, basis, identified_how)
SELECT appeal, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, '', '', '', phone, '', '',
       '', 'ЕНП и дата рождения'
  FROM lived_party;

INSERT INTO appeals_reason (appeal_id, topic_id, topic_code, provider_id, provider_name, note, details, verdict)
SELECT appeal, topic_id, topic_code, provider_id, '', '', '{}', coalesce(verdict, '') FROM lived_reason;

INSERT INTO appeals_clock (
    appeal_id, term, title, is_main, started_at, started_on, extension, order_number, pauses, due_on, due_at, warn_on,
    law_version, calendar_version, territory, state, stopped_at)
SELECT appeal, term, title, is_main, started_at, started_on, extension, order_number, '[]', due_on, due_at, warn_on,
       law_version, calendar_version, %(territory)s, state, stopped_at
  FROM lived_clock;

INSERT INTO appeals_answer (
    id, appeal_id, kind, text, template, card, to_name, channel, state, outgoing_number, created_at, created_by_id,
    approved_at, approved_by_id, returned_why, sent_at, delivered_at)
SELECT id, appeal, kind, text, '', card, '', channel, 'delivered', '', at, by,
       CASE WHEN approved_by IS NULL THEN NULL ELSE at END, approved_by, '', at, at
  FROM lived_answer;

INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text)
SELECT e.at, e.id, e.appeal, %(territory)s, e.organisation, e.kind, e.employee, e.employee_name, e.line, e.depth,
       CASE WHEN e.kind = 'registered' THEN e.details || jsonb_build_object('number', a.number) ELSE e.details END,
       e.text
  FROM lived_event e
  JOIN appeals_appeal a ON a.id = e.appeal
 ORDER BY e.at, e.id;

DROP TABLE pg_temp.lived_numbers
