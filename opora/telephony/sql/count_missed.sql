-- How often and when last the people of open tasks have called, from their calls. Read by telephony.services.tasks.follow.
-- Budget: 200 calls under 20 ms.
UPDATE telephony_callback t
   SET missed = greatest(1, found.number), called_at = greatest(t.called_at, found.latest),
       why = CASE WHEN found.spoke THEN 'secretary' ELSE t.why END, voice = coalesce(nullif(found.voice, ''), t.voice)
  FROM (SELECT t.id, count(*) AS number, max(m.began_at) AS latest, bool_or(m.result = 'secretary') AS spoke,
               (array_agg(m.voice ORDER BY m.voice <> '' DESC, m.began_at DESC))[1] AS voice
          FROM telephony_callback t
          JOIN telephony_call first ON first.id = t.call_id
          JOIN telephony_call m ON m.organisation_id = t.organisation_id AND m.direction = 'in'
               AND (m.result IN ('abandoned', 'secretary') OR m.is_lost) AND m.began_at >= first.began_at
               AND (m.id = first.id OR t.caller <> '' AND m.caller = t.caller)
         WHERE t.state = 'open'
           AND (t.organisation_id, t.caller) IN (SELECT c.organisation_id, c.caller FROM telephony_call c
                                                  WHERE c.id = ANY (%(calls)s))
         GROUP BY t.id) found
 WHERE t.id = found.id
