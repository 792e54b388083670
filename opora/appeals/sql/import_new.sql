-- Newcomers of staging become appeals with grants, texts, people and clocks. Read by appeals.importing.
-- The same rows as sql/register.sql writes for one, ``sight`` is how deep each sees (visibility.sight);
-- numbers go by the order of the file. Budget: 20 000 rows in 3 s.
INSERT INTO appeals_appeal (
    id, territory_id, organisation_id, year, sequence, number, kind, form, channel, origin, origin_name, standing,
    topic_id, topic_code, topic_note, flags, received_at, registered_at, registered_by_id, line_received, line,
    handler_id, responsible, owner_id, stage, due_at, due_on, needs_answer, answered_at, closed_at, outcome, verdict,
    outside, outside_at, incoming_number, outgoing_number, is_repeat, call_id)
SELECT s.id, %(territory)s, %(organisation)s, %(year)s, s.sequence,
       %(prefix)s || lpad(s.sequence::text, 6, '0'), s.kind, s.form, s.channel, s.origin, s.origin_name, s.standing,
       s.topic_id, s.topic_code, s.topic_note, s.flags, s.received_at, greatest(%(now)s, s.received_at),
       s.registered_by_id, s.line_received, s.line, s.handler_id, s.responsible, s.owner_id, s.stage, s.due_at,
       s.due_on, s.needs_answer, s.answered_at, s.closed_at, s.outcome, s.verdict, s.outside, s.outside_at,
       '', '', false, ''
  FROM (SELECT *, %(former)s + row_number() OVER (ORDER BY line_number) AS sequence
          FROM incoming_appeal WHERE is_new) s
 ORDER BY s.line_number;

INSERT INTO appeals_grant (
    appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
    kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT s.id, g.organisation_id, %(territory)s, %(organisation)s, g.reason, may.depth1, may.depth2, may.depth3, %(now)s,
       greatest(%(now)s, s.received_at), s.kind, s.topic_code, s.channel, s.stage, s.line, s.handler_id, s.owner_id,
       s.due_at, s.closed_at
  FROM incoming_appeal s
 CROSS JOIN LATERAL (
       SELECT %(holder)s::bigint AS organisation_id, 'registered' AS reason
        UNION ALL
       SELECT s.handler_id, 'handles' WHERE s.handler_id <> %(holder)s
        UNION ALL
       SELECT fund, 'fund' FROM unnest(%(funds)s::bigint[]) fund WHERE fund NOT IN (%(holder)s, s.handler_id)) g
  JOIN jsonb_to_recordset(%(sight)s::jsonb)
       AS may(organisation bigint, reason text, kind text, depth1 smallint, depth2 smallint, depth3 smallint)
    ON may.organisation = g.organisation_id AND may.reason = g.reason AND may.kind = s.kind
 WHERE s.is_new
 ORDER BY s.line_number;

INSERT INTO appeals_appealtext (appeal_id, text)
SELECT id, text FROM incoming_appeal WHERE is_new ORDER BY line_number;

INSERT INTO appeals_party (
    appeal_id, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, document_type,
    document_series, document_number, phone, email, address, basis, identified_how)
SELECT p.id, p.role, p.person_id, p.surname, p.given_name, p.patronymic, p.birth_on, p.enp, p.insurer_id,
       p.document_type, p.document_series, p.document_number, p.phone, p.email, p.address, '', p.identified_how
  FROM incoming_party p
  JOIN incoming_appeal s ON s.id = p.id AND s.is_new
 ORDER BY s.line_number;

-- A complaint has its theme as its reason; whom it concerns no journal format says.
INSERT INTO appeals_reason (appeal_id, topic_id, topic_code, provider_id, provider_name, note, details, verdict)
SELECT id, topic_id, topic_code, NULL, '', '', '{}', verdict
  FROM incoming_appeal
 WHERE is_new AND kind = 'complaint'
 ORDER BY line_number;

INSERT INTO appeals_clock (
    appeal_id, term, title, is_main, started_at, started_on, extension, order_number, pauses, due_on, due_at, warn_on,
    law_version, calendar_version, territory, state)
SELECT id, term, title, true, received_at, started_on, 0, '', '[]', due_on, due_at, warn_on, law_version,
       calendar_version, %(territory)s, 'running'
  FROM incoming_appeal
 WHERE is_new AND closed_at IS NULL
 ORDER BY line_number
