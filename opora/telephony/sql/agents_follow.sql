-- Agents of the calls that have changed: who talks now, who has hung up and writes down. Read by
-- telephony.services.taking.take_in. Budget: 200 calls under 20 ms.
WITH talking AS (
  UPDATE telephony_agent a SET state = 'talk', reason = '', call_id = c.id, since = greatest(a.since, c.answered_at)
    FROM telephony_call c
   WHERE c.id = ANY (%(calls)s) AND c.now IN ('talking', 'held') AND c.pbx = a.pbx
     AND a.extension IN (c.extension, c.aside)
     AND a.employee_id IS NOT NULL AND (a.state <> 'talk' OR a.call_id IS DISTINCT FROM c.id)
  RETURNING a.id
)
UPDATE telephony_agent a SET state = 'wrap', since = greatest(a.since, coalesce(c.ended_at, now()))
  FROM telephony_call c
 WHERE c.id = ANY (%(calls)s) AND a.call_id = c.id AND a.state = 'talk'
   AND NOT (c.now IN ('talking', 'held') AND a.extension IN (c.extension, c.aside))
   AND a.id NOT IN (SELECT id FROM talking)
RETURNING a.id
