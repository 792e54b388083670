-- Open tasks of those who left the queue and asked to be called back, of the calls given: why, which he was in the queue,
-- and a term as much earlier as he has waited already, so that who came first is called first. Read by
-- telephony.services.asking.follow. Budget: 200 calls under 20 ms.
UPDATE telephony_callback t
   SET why = 'asked', due_at = greatest(t.due_at - (e.at - c.began_at), e.at),
       place = 1 + (SELECT count(*) FROM telephony_call o
                     WHERE o.line_id = c.line_id AND o.direction = 'in' AND o.organisation_id = c.organisation_id
                       AND o.began_at < c.began_at AND o.began_at > c.began_at - interval '2 hours'
                       AND (o.answered_at IS NULL OR o.answered_at > e.at) AND (o.ended_at IS NULL OR o.ended_at > e.at))
  FROM telephony_call c
  JOIN telephony_callevent e ON e.pbx = c.pbx AND e.call = c.call AND e.at >= c.began_at - interval '2 days'
 WHERE c.id = ANY (%(calls)s) AND e.kind = 'secretary' AND (e.data ->> 'asks')::boolean
   AND t.organisation_id = c.organisation_id AND t.caller = c.caller AND t.state = 'open' AND t.why <> 'asked'
   AND (t.call_id = c.id OR c.caller <> '')
RETURNING t.id
