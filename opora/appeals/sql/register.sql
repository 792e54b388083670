-- Registers one appeal: number, row, grants, text, people, reasons, clocks, answer, events. Read by appeals.intake.
-- Several statements in one round trip, each under row security and seeing what the former wrote. The counter's row is
-- locked by the first and let go by the commit. Budget: 3 ms with 2 people, 2 clocks and 3 events.
WITH given AS (
    INSERT INTO appeals_numbering (organisation_id, year, last) VALUES (%(organisation)s, %(year)s, 1)
    ON CONFLICT (organisation_id, year) DO UPDATE SET last = appeals_numbering.last + 1
    RETURNING last
)
INSERT INTO appeals_appeal (
    id, territory_id, organisation_id, year, sequence, number, kind, form, channel, origin, origin_name, standing,
    topic_id, topic_code, topic_note, flags, received_at, registered_at, registered_by_id, line_received, line,
    handler_id, responsible, owner_id, stage, due_at, due_on, needs_answer, answered_at, closed_at, outcome, verdict,
    outside, incoming_number, incoming_on, outgoing_number, is_repeat, call_id)
SELECT %(id)s, %(territory)s, %(organisation)s, %(year)s, given.last, %(prefix)s || lpad(given.last::text, 6, '0'),
       %(kind)s, %(form)s, %(channel)s, %(origin)s, %(origin_name)s, %(standing)s,
       %(topic)s, %(topic_code)s, %(topic_note)s, %(flags)s::varchar[], %(received_at)s, %(now)s, %(employee)s,
       %(line_received)s, %(line)s, %(handler)s, %(responsible)s, %(owner)s, %(stage)s, %(due_at)s, %(due_on)s,
       %(needs_answer)s, %(answered_at)s, %(closed_at)s, %(outcome)s, %(verdict)s,
       '', %(incoming_number)s, %(incoming_on)s, '', %(is_repeat)s, %(call_id)s
  FROM given;

INSERT INTO appeals_grant (
    appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
    kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT %(id)s, g.organisation_id, %(territory)s, %(organisation)s, g.reason, g.depth1, g.depth2, g.depth3, %(now)s, %(now)s,
       %(kind)s, %(topic_code)s, %(channel)s, %(stage)s, %(line)s, %(handler)s, %(owner)s, %(due_at)s, %(closed_at)s
  FROM (SELECT organisation_id, reason, depth1, depth2, depth3
          FROM jsonb_to_recordset(%(grants)s::jsonb)
               AS own(organisation_id bigint, reason text, depth1 smallint, depth2 smallint, depth3 smallint)
        UNION ALL
        SELECT fund.id, 'fund', %(fund1)s::smallint, %(fund2)s::smallint, %(fund3)s::smallint
          FROM organisations_organisation fund
         WHERE fund.kind = 'fund' AND fund.territory_id = %(territory)s AND fund.id <> %(handler)s
           AND fund.id <> %(holder)s) g;

INSERT INTO appeals_appealtext (appeal_id, text) VALUES (%(id)s, %(text)s);

INSERT INTO appeals_party (
    appeal_id, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, document_type,
    document_series, document_number, phone, email, address, basis, identified_how)
SELECT %(id)s, p.role, p.person_id, p.surname, p.given_name, p.patronymic, p.birth_on, p.enp, p.insurer_id,
       p.document_type, p.document_series, p.document_number, p.phone, p.email, p.address, p.basis, p.identified_how
  FROM jsonb_to_recordset(%(parties)s::jsonb) AS p(
       role text, person_id bigint, surname text, given_name text, patronymic text, birth_on date, enp text,
       insurer_id bigint, document_type text, document_series text, document_number text, phone text, email text,
       address text, basis text, identified_how text);

INSERT INTO appeals_reason (appeal_id, topic_id, topic_code, provider_id, provider_name, note, details, verdict)
SELECT %(id)s, r.topic_id, r.topic_code, r.provider_id, r.provider_name, r.note, r.details, %(verdict)s
  FROM jsonb_to_recordset(%(reasons)s::jsonb) AS r(
       topic_id bigint, topic_code text, provider_id bigint, provider_name text, note text, details jsonb);

INSERT INTO appeals_clock (
    appeal_id, term, title, is_main, started_at, started_on, extension, order_number, pauses, due_on, due_at, warn_on,
    law_version, calendar_version, territory, state, stopped_at)
SELECT %(id)s, c.term, c.title, c.is_main, c.started_at, c.started_on, 0, '', '[]', c.due_on, c.due_at, c.warn_on,
       c.law_version, c.calendar_version, %(territory)s, c.state,
       CASE WHEN c.state = 'running' THEN NULL ELSE %(now)s::timestamptz END
  FROM jsonb_to_recordset(%(clocks)s::jsonb) AS c(
       term text, title text, is_main boolean, started_at timestamptz, started_on date, due_on date,
       due_at timestamptz, warn_on jsonb, law_version text, calendar_version text, state text);

INSERT INTO appeals_answer (
    id, appeal_id, kind, text, template, card, to_name, channel, state, outgoing_number, created_at, created_by_id,
    returned_why, sent_at, delivered_at)
SELECT %(answer)s, %(id)s, 'final', %(answer_text)s, '', %(answer_card)s, '', %(channel)s, 'delivered', '', %(now)s,
       %(employee)s, '', %(now)s, %(now)s
 WHERE %(answer)s IS NOT NULL;

INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text)
SELECT e.at, e.id, %(id)s, %(territory)s, %(organisation)s, e.kind, %(employee)s, %(actor_name)s, %(line_received)s,
       e.depth,
       CASE WHEN e.kind = 'registered' THEN e.details || jsonb_build_object('number', a.number) ELSE e.details END,
       e.text
  FROM jsonb_to_recordset(%(events)s::jsonb) AS e(at timestamptz, id uuid, kind text, depth smallint, details jsonb, text text)
  JOIN appeals_appeal a ON a.id = %(id)s;
