-- States of agents as the exchange tells them; one that talks goes on talking, an older word is not heard. Read by
-- telephony.services.taking.take_in. Budget: 300 agents under 20 ms.
UPDATE telephony_agent a
   SET state = CASE WHEN told.ready THEN 'ready' ELSE 'break' END, reason = CASE WHEN told.ready THEN '' ELSE told.reason END,
       call_id = NULL, since = told.at
  FROM (SELECT DISTINCT ON (t.pbx, t.agent) t.*
          FROM jsonb_to_recordset(%(told)s::jsonb) AS t (pbx text, agent text, at timestamptz, ready boolean, reason text)
         ORDER BY t.pbx, t.agent, t.at DESC) told
 WHERE told.pbx = a.pbx AND told.agent = a.extension AND a.employee_id IS NOT NULL AND a.state <> 'talk'
   AND told.at > a.since AND (a.state, a.reason) IS DISTINCT FROM
       (CASE WHEN told.ready THEN 'ready' ELSE 'break' END, CASE WHEN told.ready THEN '' ELSE told.reason END)
RETURNING a.id
