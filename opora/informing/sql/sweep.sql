-- Nothing stays in between for ever. What was being sent and never heard of goes again (its provider had his time to
-- say that he has it); what was sent and never confirmed is silent; what is late is not sent; a claim that was dropped
-- is free again. How long a touch is in hand is told by the clock of the database alone: those of workers may jump.
-- Read by dispatch.sweep. Budget: nothing to do under 5 ms; a million under a minute.
WITH lost AS (
  UPDATE informing_touch SET state = 'planned', not_before = %(now)s, claimed_at = NULL
   WHERE state = 'sending' AND claimed_at < now() - %(doubt)s::interval RETURNING 1
), dropped AS (
  UPDATE informing_touch SET state = 'planned', claimed_at = NULL, employee_id = NULL
   WHERE state = 'claimed' AND claimed_at < now() - %(claimed)s::interval RETURNING 1
), silent AS (
  UPDATE informing_touch SET state = 'silent', final_at = %(now)s
   WHERE state = 'sent' AND sent_at < %(silent_since)s RETURNING 1
), expired AS (
  UPDATE informing_touch SET state = 'expired', final_at = %(now)s
   WHERE state = 'planned' AND until < %(today)s AND wave_id = ANY(%(waves)s::bigint[]) RETURNING 1
)
SELECT (SELECT count(*) FROM lost) AS lost, (SELECT count(*) FROM dropped) AS dropped,
       (SELECT count(*) FROM silent) AS silent, (SELECT count(*) FROM expired) AS expired
