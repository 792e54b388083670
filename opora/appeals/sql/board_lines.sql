-- Numbers of the board: one row per organisation × line that has anything open or anything answered today.
-- Sums of kept counters and the earliest of those who wait in a queue; no appeal is looked at. «Today» is that
-- of each territory's clock. Read by appeals.board.figures. Row security shows a fund its territory, others themselves.
-- Budget: 10 000 counters and 10 000 waiting under 50 ms, whatever the size of the journal.
WITH days AS MATERIALIZED (
  SELECT code AS territory, (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS today
    FROM organisations_territory WHERE %(territory)s::varchar IS NULL OR code = %(territory)s),
open AS (
  SELECT t.territory, t.handler_id, t.line, sum(t.change) FILTER (WHERE t.owner_id = 0) AS waiting,
         sum(t.change) FILTER (WHERE t.owner_id <> 0) AS in_work,
         sum(t.change) FILTER (WHERE t.due_on < d.today) AS late,
         sum(t.change) FILTER (WHERE t.due_on = d.today) AS due_today
    FROM appeals_tally t JOIN days d ON d.territory = t.territory
   WHERE %(handler)s::bigint IS NULL OR t.handler_id = %(handler)s
   GROUP BY t.territory, t.handler_id, t.line),
given AS (
  SELECT t.territory, t.handler_id, t.line, sum(t.change) AS answered,
         sum(t.change) FILTER (WHERE t.is_in_time) AS in_time
    FROM days d JOIN appeals_daytally t ON t.answered_on = d.today AND t.territory = d.territory
   WHERE %(handler)s::bigint IS NULL OR t.handler_id = %(handler)s
   GROUP BY t.territory, t.handler_id, t.line),
longest AS (
  SELECT q.territory, q.handler_id, q.line, min(q.since) AS since
    FROM appeals_queued q JOIN days d ON d.territory = q.territory
   WHERE %(handler)s::bigint IS NULL OR q.handler_id = %(handler)s
   GROUP BY q.territory, q.handler_id, q.line)
SELECT handler_id, line, coalesce(sum(waiting), 0)::int AS waiting, coalesce(sum(in_work), 0)::int AS in_work,
       coalesce(sum(late), 0)::int AS late, coalesce(sum(due_today), 0)::int AS due_today,
       coalesce(sum(answered), 0)::int AS answered, coalesce(sum(in_time), 0)::int AS in_time,
       min(longest.since) AS waits_since
  FROM open FULL JOIN given USING (territory, handler_id, line)
  LEFT JOIN longest USING (territory, handler_id, line)
 GROUP BY handler_id, line
