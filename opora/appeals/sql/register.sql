-- Registers one appeal and returns its number: row, grants, text, people, reasons, clocks, answer, events.
-- Called by appeals.intake; installed by migrations (opora.shared.functions), so that plans are kept by the session.
-- It obeys the row security of whoever calls: each statement sees what the former wrote. The counter's row is locked
-- by the first and let go by the commit. ``given`` is described where it is made, in appeals.intake.parameters.
-- Budget: 2 ms with 2 people, 2 clocks and 3 events.
CREATE OR REPLACE FUNCTION appeals_register(given jsonb) RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS $register$
#variable_conflict use_column
DECLARE
  g record;
  place integer;
  named text;
BEGIN
  SELECT * INTO STRICT g FROM jsonb_to_record(given) AS one(
    id uuid, territory text, organisation bigint, year smallint, prefix text, kind text, form text, channel text,
    origin text, origin_name text, standing text, topic bigint, topic_code text, topic_note text, flags text[],
    received_at timestamptz, now timestamptz, employee bigint, line_received text, line text, handler bigint,
    holder bigint, responsible text, owner bigint, stage text, due_at timestamptz, due_on date, needs_answer boolean,
    answered_at timestamptz, closed_at timestamptz, outcome text, verdict text, incoming_number text, incoming_on date,
    is_repeat boolean, call_id text, text text, parties jsonb, reasons jsonb, grants jsonb, fund1 smallint,
    fund2 smallint, fund3 smallint, clocks jsonb, answer uuid, answer_text text, answer_card text, events jsonb,
    actor_name text);

  INSERT INTO appeals_numbering (organisation_id, year, last) VALUES (g.organisation, g.year, 1)
  ON CONFLICT (organisation_id, year) DO UPDATE SET last = appeals_numbering.last + 1
  RETURNING last INTO place;
  named := g.prefix || lpad(place::text, 6, '0');

  INSERT INTO appeals_appeal (
      id, territory_id, organisation_id, year, sequence, number, kind, form, channel, origin, origin_name, standing,
      topic_id, topic_code, topic_note, flags, received_at, registered_at, registered_by_id, line_received, line,
      handler_id, responsible, owner_id, stage, due_at, due_on, needs_answer, answered_at, closed_at, outcome, verdict,
      outside, incoming_number, incoming_on, outgoing_number, is_repeat, call_id)
  VALUES (
      g.id, g.territory, g.organisation, g.year, place, named, g.kind, g.form, g.channel, g.origin, g.origin_name,
      g.standing, g.topic, g.topic_code, g.topic_note, g.flags, g.received_at, g.now, g.employee, g.line_received,
      g.line, g.handler, g.responsible, g.owner, g.stage, g.due_at, g.due_on, g.needs_answer, g.answered_at,
      g.closed_at, g.outcome, g.verdict, '', g.incoming_number, g.incoming_on, '', g.is_repeat, g.call_id);

  INSERT INTO appeals_grant (
      appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
      kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
  SELECT g.id, holds.organisation_id, g.territory, g.organisation, holds.reason, holds.depth1, holds.depth2,
         holds.depth3, g.now, g.now, g.kind, g.topic_code, g.channel, g.stage, g.line, g.handler, g.owner, g.due_at,
         g.closed_at
    FROM (SELECT organisation_id, reason, depth1, depth2, depth3
            FROM jsonb_to_recordset(g.grants)
                 AS own(organisation_id bigint, reason text, depth1 smallint, depth2 smallint, depth3 smallint)
          UNION ALL
          SELECT fund.id, 'fund', g.fund1, g.fund2, g.fund3
            FROM organisations_organisation fund
           WHERE fund.kind = 'fund' AND fund.territory_id = g.territory AND fund.id <> g.handler
             AND fund.id <> g.holder) holds;

  INSERT INTO appeals_appealtext (appeal_id, text) VALUES (g.id, g.text);

  IF g.parties <> '[]' THEN
    INSERT INTO appeals_party (
        appeal_id, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, document_type,
        document_series, document_number, phone, email, address, basis, identified_how)
    SELECT g.id, p.role, p.person_id, p.surname, p.given_name, p.patronymic, p.birth_on, p.enp, p.insurer_id,
           p.document_type, p.document_series, p.document_number, p.phone, p.email, p.address, p.basis, p.identified_how
      FROM jsonb_to_recordset(g.parties) AS p(
           role text, person_id bigint, surname text, given_name text, patronymic text, birth_on date, enp text,
           insurer_id bigint, document_type text, document_series text, document_number text, phone text, email text,
           address text, basis text, identified_how text);
  END IF;

  IF g.reasons <> '[]' THEN
    INSERT INTO appeals_reason (appeal_id, topic_id, topic_code, provider_id, provider_name, note, details, verdict)
    SELECT g.id, r.topic_id, r.topic_code, r.provider_id, r.provider_name, r.note, r.details, g.verdict
      FROM jsonb_to_recordset(g.reasons) AS r(
           topic_id bigint, topic_code text, provider_id bigint, provider_name text, note text, details jsonb);
  END IF;

  IF g.clocks <> '[]' THEN
    INSERT INTO appeals_clock (
        appeal_id, term, title, is_main, started_at, started_on, extension, order_number, pauses, due_on, due_at,
        warn_on, law_version, calendar_version, territory, state, stopped_at)
    SELECT g.id, c.term, c.title, c.is_main, c.started_at, c.started_on, 0, '', '[]', c.due_on, c.due_at, c.warn_on,
           c.law_version, c.calendar_version, g.territory, c.state, CASE WHEN c.state = 'running' THEN NULL ELSE g.now END
      FROM jsonb_to_recordset(g.clocks) AS c(
           term text, title text, is_main boolean, started_at timestamptz, started_on date, due_on date,
           due_at timestamptz, warn_on jsonb, law_version text, calendar_version text, state text);
  END IF;

  IF g.answer IS NOT NULL THEN
    INSERT INTO appeals_answer (
        id, appeal_id, kind, text, template, card, to_name, channel, state, outgoing_number, created_at, created_by_id,
        returned_why, sent_at, delivered_at)
    VALUES (
        g.answer, g.id, 'final', g.answer_text, '', g.answer_card, '', g.channel, 'delivered', '', g.now, g.employee,
        '', g.now, g.now);
  END IF;

  INSERT INTO appeals_event (
      at, id, appeal_id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text)
  SELECT e.at, e.id, g.id, g.territory, g.organisation, e.kind, g.employee, g.actor_name, g.line_received, e.depth,
         CASE WHEN e.kind = 'registered' THEN e.details || jsonb_build_object('number', named) ELSE e.details END,
         e.text
    FROM jsonb_to_recordset(g.events)
         AS e(at timestamptz, id uuid, kind text, depth smallint, details jsonb, text text);
  RETURN named;
END $register$;
