-- Calls as they were folded, written over what was known of them. Read by telephony.services.taking.take_in.
-- Whose a call is follows from its line; who served it from who sat at the extension when it was answered.
-- Budget: 200 calls under 30 ms.
INSERT INTO telephony_call AS c
       (pbx, call, line_id, organisation_id, served_id, direction, caller, began_at, answered_at, ended_at, now, result,
        ringing, extension, aside, employee_id, waited, talked, held, transfers, recording, voice, score, reference, is_lost)
SELECT f.pbx, f.call, line.id,
       coalesce(line.organisation_id, CASE f.direction WHEN 'out' THEN coalesce(sat.organisation_id, rung.organisation_id) END),
       coalesce(sat.organisation_id, rung.organisation_id),
       f.direction, f.caller, f.began_at, f.answered_at, f.ended_at, f.now, f.result, f.ringing, f.extension, f.aside,
       sat.employee_id, f.waited, f.talked, f.held, f.transfers, f.recording, f.voice, f.score, f.reference, f.is_lost
  FROM jsonb_to_recordset(%(calls)s::jsonb) AS f
       (pbx text, call text, line text, direction text, caller text, began_at timestamptz, answered_at timestamptz,
        ended_at timestamptz, now text, result text, ringing text[], extension text, aside text, waited int, talked int, held int,
        transfers smallint, recording text, voice text, score smallint, reference text, is_lost boolean)
  LEFT JOIN telephony_line line ON line.pbx = f.pbx AND line.number = f.line
  LEFT JOIN LATERAL (SELECT s.organisation_id, s.employee_id FROM telephony_spell s
                      WHERE s.pbx = f.pbx AND s.extension = f.extension
                        AND s.since <= f.answered_at + interval '5 minutes'
                        AND (s.until IS NULL OR s.until >= f.answered_at - interval '5 minutes')
                      ORDER BY s.since <= f.answered_at DESC, abs(extract(epoch FROM s.since - f.answered_at)) LIMIT 1) sat
         ON true
  LEFT JOIN LATERAL (SELECT a.organisation_id FROM telephony_agent a
                      WHERE a.pbx = f.pbx AND a.extension = ANY (f.ringing) ORDER BY a.extension LIMIT 1) rung ON true
ON CONFLICT (pbx, call) DO UPDATE SET
  line_id = excluded.line_id, organisation_id = excluded.organisation_id,
  served_id = coalesce(excluded.served_id, c.served_id), direction = excluded.direction, caller = excluded.caller,
  began_at = excluded.began_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at, now = excluded.now,
  result = excluded.result, ringing = excluded.ringing, extension = excluded.extension, aside = excluded.aside,
  employee_id = excluded.employee_id, waited = excluded.waited, talked = excluded.talked, held = excluded.held,
  transfers = excluded.transfers, recording = excluded.recording, voice = excluded.voice, score = excluded.score,
  reference = excluded.reference, is_lost = excluded.is_lost
RETURNING c.id
