-- Commands that wait for an exchange and are in time, taken now: whoever takes one is alone with it. Read by
-- telephony.services.commands.take_orders. Budget: 300 commands under 20 ms.
UPDATE telephony_command c SET answer = 'taken'
 WHERE c.id IN (SELECT w.id FROM telephony_command w
                 WHERE w.pbx = %(pbx)s AND w.answer = 'waiting' AND w.expires_at > clock_timestamp()
                 ORDER BY w.asked_at, w.id LIMIT 300 FOR UPDATE SKIP LOCKED)
RETURNING c.id
