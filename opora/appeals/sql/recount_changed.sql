-- Running clocks whose last day or days of warning are others now: one pass over the running ones, all that follows
-- reads only these. Run by appeals.recount after recount_stage; gone with the transaction.
-- Budget: 1 000 000 running clocks under 3 s.
DROP TABLE IF EXISTS recounted_clock;
CREATE TEMPORARY TABLE recounted_clock ON COMMIT DROP AS
SELECT c.id, c.appeal_id, c.term, c.title, c.is_main, c.due_on AS was, r.due_on, r.warn_on, r.law_version,
       r.calendar_version
  FROM appeals_clock c
  JOIN recounted r USING (term, started_on, territory, extension, pauses)
 WHERE c.state = 'running' AND (c.due_on <> r.due_on OR c.warn_on <> r.warn_on);
ANALYZE recounted_clock
