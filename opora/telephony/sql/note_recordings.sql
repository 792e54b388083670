-- Files an exchange has named in the facts of the calls given; whose they are follows the call, whatever is learned of it
-- later. Read by telephony.services.recordings.follow. Budget: 200 calls under 20 ms.
INSERT INTO telephony_recording AS r
       (id, call_id, organisation_id, served_id, employee_id, level, kind, pbx, file, state, attempts, next_at, fault, key,
        media, size, seconds, sha256, named_at)
SELECT DISTINCT ON (c.pbx, e.data ->> 'file')
       uuidv7(), c.id, c.organisation_id, c.served_id, c.employee_id, who.level,
       CASE e.kind WHEN 'secretary' THEN 'voice' ELSE 'talk' END, c.pbx, left(e.data ->> 'file', 300), 'waiting', 0,
       now() + interval '5 seconds', '', '', '', 0, 0, '', e.at
  FROM telephony_call c
  JOIN telephony_callevent e ON e.pbx = c.pbx AND e.call = c.call AND e.at >= c.began_at - interval '2 days'
  LEFT JOIN LATERAL (SELECT role.representative_level AS level
                       FROM organisations_assignment a JOIN organisations_role role ON role.id = a.role_id
                      WHERE a.employee_id = c.employee_id AND a.organisation_id = c.served_id
                        AND a.since <= c.began_at::date AND (a.until IS NULL OR a.until >= c.began_at::date)
                      ORDER BY a.since DESC, a.id DESC LIMIT 1) who ON true
 WHERE c.id = ANY (%(calls)s) AND e.kind IN ('recorded', 'secretary') AND coalesce(e.data ->> 'file', '') <> ''
 ORDER BY c.pbx, e.data ->> 'file', e.at
ON CONFLICT (pbx, file) DO UPDATE SET
  organisation_id = excluded.organisation_id, served_id = excluded.served_id, employee_id = excluded.employee_id,
  level = excluded.level
 WHERE r.call_id = excluded.call_id
   AND (r.organisation_id, r.served_id, r.employee_id, r.level)
       IS DISTINCT FROM (excluded.organisation_id, excluded.served_id, excluded.employee_id, excluded.level)
RETURNING r.id
