-- Calls nobody answered, of those given, and those that were lost after an answer, for whom nobody has a task yet and who
-- have not got through since. Read by telephony.services.tasks.follow. Budget: 200 calls under 20 ms.
SELECT c.id, c.organisation_id, c.line_id, c.caller, c.result, c.voice, c.ended_at,
       CASE WHEN c.is_lost THEN c.ended_at ELSE c.began_at END AS called_at
  FROM telephony_call c
 WHERE c.id = ANY (%(calls)s) AND c.direction = 'in' AND (c.result IN ('abandoned', 'secretary') OR c.is_lost)
   AND c.line_id IS NOT NULL AND (length(c.caller) >= 10 OR c.voice <> '')
   AND NOT EXISTS (SELECT FROM telephony_callback t WHERE t.call_id = c.id)
   AND (c.caller = ''
        OR NOT EXISTS (SELECT FROM telephony_callback t
                        WHERE t.organisation_id = c.organisation_id AND t.caller = c.caller AND t.called_at >= c.began_at)
       AND NOT EXISTS (SELECT FROM telephony_call later
                        WHERE later.caller = c.caller AND later.organisation_id = c.organisation_id
                          AND later.answered_at > c.ended_at))
 ORDER BY c.began_at
