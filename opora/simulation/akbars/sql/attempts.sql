-- The attempts that took place, in the order of the clock, as calls.finish_call leaves them. Read by calls.carry.
INSERT INTO informing_attempt (year, touch_id, territory, insurer_id, provider_id, employee_id, at, phone, outcome,
                               reason, seconds, note)
SELECT %(year)s, id, %(territory)s, %(insurer)s, provider_id, employee_id, at, phone, outcome, reason, seconds, ''
  FROM phoned WHERE takes_place ORDER BY at, id
