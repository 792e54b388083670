-- Kept recordings whose day has come and that nothing holds: no open appeal was taken from the call, and no complaint
-- about it is being worked on. Read by telephony.services.forgetting.forget_recordings. Budget: under 1 s.
SELECT r.id
  FROM telephony_recording r
 WHERE r.state = 'kept' AND r.forget_on < %(today)s
   AND NOT EXISTS (SELECT FROM appeals_appeal a LEFT JOIN complaints_case k ON k.appeal_id = a.id
                    WHERE a.call_id = 'call-' || r.call_id
                      AND (a.closed_at IS NULL OR k.closed_at IS NULL AND k.opened_at IS NOT NULL AND k.withdrawn_at IS NULL))
 ORDER BY r.forget_on, r.id LIMIT %(most)s
