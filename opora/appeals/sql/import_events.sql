-- Events of a whole file, in the order of the file; the first of a newcomer names its number. Read by appeals.importing.
-- Budget: 40 000 events in 3 s; the trigger of the table puts them into the chain's waiting room.
INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_id, employee_name, line, depth, details, text)
SELECT e.at, e.id, e.appeal_id, %(territory)s, %(organisation)s, e.kind, %(employee)s, %(actor_name)s, e.line, 2,
       CASE WHEN e.kind = 'registered' THEN e.details || jsonb_build_object('number', a.number) ELSE e.details END, ''
  FROM incoming_event e
  JOIN appeals_appeal a ON a.id = e.appeal_id
 ORDER BY e.at, e.id
