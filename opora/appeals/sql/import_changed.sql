-- Known appeals of staging take what the file says; clocks follow. Read by appeals.importing.
-- Only rows that differ are in staging. Budget: 20 000 rows in 4 s.
UPDATE appeals_appeal a
   SET kind = s.kind, form = s.form, channel = s.channel, origin = s.origin, origin_name = s.origin_name,
       standing = s.standing, topic_id = s.topic_id, topic_code = s.topic_code, topic_note = s.topic_note,
       received_at = least(s.received_at, a.registered_at), line_received = s.line_received, line = s.line,
       handler_id = s.handler_id, responsible = s.responsible, owner_id = s.owner_id, stage = s.stage,
       due_at = s.due_at, due_on = s.due_on, needs_answer = s.needs_answer,
       answered_at = coalesce(a.answered_at, s.answered_at), closed_at = s.closed_at, outcome = s.outcome,
       verdict = s.verdict, outside = s.outside, outside_at = s.outside_at,
       registered_by_id = coalesce(s.registered_by_id, a.registered_by_id), version = a.version + 1
  FROM incoming_appeal s
 WHERE NOT s.is_new AND a.id = s.id;

INSERT INTO appeals_grant (
    appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
    kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT a.id, a.handler_id, a.territory_id, a.organisation_id, 'handles', may.depth1, may.depth2, may.depth3, %(now)s,
       a.registered_at, a.kind, a.topic_code, a.channel, a.stage, a.line, a.handler_id, a.owner_id, a.due_at, a.closed_at
  FROM incoming_appeal s
  JOIN appeals_appeal a ON a.id = s.id
  JOIN jsonb_to_recordset(%(sight)s::jsonb)
       AS may(organisation bigint, reason text, kind text, depth1 smallint, depth2 smallint, depth3 smallint)
    ON may.organisation = a.handler_id AND may.reason = 'handles' AND may.kind = a.kind
 WHERE NOT s.is_new
ON CONFLICT (appeal_id, organisation_id) DO NOTHING;

UPDATE appeals_appealtext t SET text = s.text
  FROM incoming_appeal s
 WHERE NOT s.is_new AND t.appeal_id = s.id AND t.text IS DISTINCT FROM s.text;

INSERT INTO appeals_party AS p (
    appeal_id, role, person_id, surname, given_name, patronymic, birth_on, enp, insurer_id, document_type,
    document_series, document_number, phone, email, address, basis, identified_how)
SELECT n.id, n.role, n.person_id, n.surname, n.given_name, n.patronymic, n.birth_on, n.enp, n.insurer_id,
       n.document_type, n.document_series, n.document_number, n.phone, n.email, n.address, '', n.identified_how
  FROM incoming_party n
  JOIN incoming_appeal s ON s.id = n.id AND NOT s.is_new
ON CONFLICT (appeal_id, role) DO UPDATE
   SET person_id = EXCLUDED.person_id, surname = EXCLUDED.surname, given_name = EXCLUDED.given_name,
       patronymic = EXCLUDED.patronymic, birth_on = EXCLUDED.birth_on, enp = EXCLUDED.enp,
       insurer_id = EXCLUDED.insurer_id, document_type = EXCLUDED.document_type,
       document_series = EXCLUDED.document_series, document_number = EXCLUDED.document_number,
       phone = EXCLUDED.phone, email = EXCLUDED.email, address = EXCLUDED.address,
       identified_how = EXCLUDED.identified_how;

-- The one reason a file has made follows it; reasons people have written are theirs.
UPDATE appeals_reason r SET topic_id = s.topic_id, topic_code = s.topic_code, verdict = s.verdict
  FROM incoming_appeal s
 WHERE NOT s.is_new AND s.kind = 'complaint' AND r.appeal_id = s.id AND r.provider_id IS NULL
   AND r.provider_name = '' AND r.note = ''
   AND NOT EXISTS (SELECT 1 FROM appeals_reason other WHERE other.appeal_id = s.id AND other.id <> r.id);

INSERT INTO appeals_reason (appeal_id, topic_id, topic_code, provider_id, provider_name, note, details, verdict)
SELECT s.id, s.topic_id, s.topic_code, NULL, '', '', '{}', s.verdict
  FROM incoming_appeal s
 WHERE NOT s.is_new AND s.kind = 'complaint'
   AND NOT EXISTS (SELECT 1 FROM appeals_reason r WHERE r.appeal_id = s.id)
 ORDER BY s.line_number;

UPDATE appeals_clock c
   SET due_on = s.due_on, due_at = s.due_at, term = s.term, title = s.title, warn_on = s.warn_on,
       law_version = s.law_version, calendar_version = s.calendar_version
  FROM incoming_appeal s
 WHERE NOT s.is_new AND c.appeal_id = s.id AND c.is_main AND c.state = 'running' AND s.closed_at IS NULL
   AND c.due_on <> s.due_on;

UPDATE appeals_clock c
   SET state = CASE WHEN s.closed_at <= c.due_at THEN 'kept' ELSE 'missed' END, stopped_at = s.closed_at
  FROM incoming_appeal s
 WHERE NOT s.is_new AND c.appeal_id = s.id AND c.state = 'running' AND s.closed_at IS NOT NULL
