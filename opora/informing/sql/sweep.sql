-- Nothing stays in between for ever. What was being sent and never heard of goes again (its provider had his time to
-- say that he has it), but only so often: then it ends as silent, unknown; what was sent and never confirmed is silent;
-- what is late is not sent; a claim that was dropped is free again; what came back from a talk after its wave was stopped
-- does not take place. How long a touch is in hand is told by the clock of
-- the database alone: those of workers may jump.
-- Read by dispatch.sweep. Budget: nothing to do under 5 ms; a million under a minute.
WITH doubted AS (
  UPDATE informing_touch
     SET doubts = doubts + 1, claimed_at = NULL,
         state = CASE WHEN doubts < %(repeats)s THEN 'planned' ELSE 'silent' END,
         outcome = CASE WHEN doubts < %(repeats)s THEN '' ELSE 'unknown' END,
         not_before = CASE WHEN doubts < %(repeats)s THEN %(now)s ELSE not_before END,
         final_at = CASE WHEN doubts < %(repeats)s THEN NULL ELSE %(now)s::timestamptz END
   WHERE state = 'sending' AND claimed_at < now() - %(doubt)s::interval RETURNING state
), dropped AS (
  UPDATE informing_touch SET state = 'planned', claimed_at = NULL, employee_id = NULL
   WHERE state = 'claimed' AND claimed_at < now() - %(claimed)s::interval RETURNING 1
), silent AS (
  UPDATE informing_touch SET state = 'silent', final_at = %(now)s
   WHERE state = 'sent' AND sent_at < %(silent_since)s RETURNING 1
), expired AS (
  UPDATE informing_touch SET state = 'expired', final_at = %(now)s
   WHERE state = 'planned' AND until < %(today)s AND wave_id = ANY(%(waves)s::bigint[]) RETURNING 1
), stopped AS (
  UPDATE informing_touch SET state = 'cancelled', final_at = %(now)s
   WHERE state = 'planned' AND wave_id = ANY(%(stopped)s::bigint[]) RETURNING 1
)
SELECT (SELECT count(*) FROM doubted WHERE state = 'planned') AS lost,
       (SELECT count(*) FROM doubted WHERE state = 'silent') AS given_up, (SELECT count(*) FROM dropped) AS dropped,
       (SELECT count(*) FROM silent) AS silent, (SELECT count(*) FROM expired) AS expired,
       (SELECT count(*) FROM stopped) AS stopped
