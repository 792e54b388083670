-- Take some recordings to fetch: whoever updates first has them for ten minutes. Read by
-- telephony.services.recordings.fetch_due. Budget: under 10 ms.
UPDATE telephony_recording SET next_at = now() + interval '10 minutes'
 WHERE id IN (SELECT id FROM telephony_recording WHERE state = 'waiting' AND next_at <= %(now)s
               ORDER BY next_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id, pbx, file
