-- Tasks of people who were talked to after they had called, by their own call or ours, and not lost again. Read by
-- telephony.services.tasks.follow. Budget: 200 calls under 20 ms.
UPDATE telephony_callback t
   SET state = CASE c.direction WHEN 'in' THEN 'came' ELSE 'done' END, done_at = c.answered_at, done_by_id = c.employee_id
  FROM telephony_call c
 WHERE c.id = ANY (%(calls)s) AND c.answered_at > t.called_at AND NOT c.is_lost AND t.state = 'open' AND t.caller <> ''
   AND t.caller = c.caller AND t.organisation_id = c.organisation_id
RETURNING t.id
