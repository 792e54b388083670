-- Numbers of calls whose term is over, blanked in the call, its facts and its task; the rows and every figure stay. A call
-- holds its number while a task to call back or the appeal taken from it is open, or its complaint is worked on.
-- Read by telephony.services.forgetting.forget_numbers. Budget: 500 of a million calls under 2 s.
WITH due AS (
  SELECT c.id, c.pbx, c.call, c.began_at
    FROM telephony_call c
    JOIN LATERAL (SELECT k.days FROM telephony_keeping k
                   WHERE k.kind = 'phone' AND (k.organisation_id = c.organisation_id OR k.organisation_id IS NULL)
                   ORDER BY k.organisation_id NULLS LAST, k.set_at DESC, k.id DESC LIMIT 1) term ON true
   WHERE c.caller <> '' AND c.now = 'ended'
     AND c.began_at < %(now)s - interval '1 day' * (SELECT min(days) FROM telephony_keeping WHERE kind = 'phone')
     AND c.began_at < %(now)s - interval '1 day' * greatest(30, term.days)
     AND NOT EXISTS (SELECT FROM telephony_callback t
                      WHERE t.call_id = c.id AND t.state = 'open')
     AND NOT EXISTS (SELECT FROM appeals_appeal a LEFT JOIN complaints_case k ON k.appeal_id = a.id
                      WHERE a.call_id = 'call-' || c.id
                        AND (a.closed_at IS NULL
                             OR k.closed_at IS NULL AND k.opened_at IS NOT NULL AND k.withdrawn_at IS NULL))
   ORDER BY c.began_at, c.id LIMIT %(most)s
   FOR UPDATE OF c SKIP LOCKED
), facts AS (
  UPDATE telephony_callevent e SET caller = '' FROM due
   WHERE e.pbx = due.pbx AND e.call = due.call AND e.at >= due.began_at - interval '2 days' AND e.caller <> ''
), tasks AS (
  UPDATE telephony_callback t SET caller = '' FROM due WHERE t.call_id = due.id
)
UPDATE telephony_call c SET caller = '' FROM due WHERE c.id = due.id RETURNING c.id
