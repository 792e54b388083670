-- Open appeals by who has them and when they are due: sums of kept counters, no appeal is looked at. One row per
-- organisation × line × employee; owner 0 — nobody yet. Read by appeals.summary. Row security shows a fund its territory.
-- Budget: 200 000 counters under 100 ms.
SELECT handler_id, line, owner_id, sum(change) FILTER (WHERE due_on < %(today)s) AS overdue,
       sum(change) FILTER (WHERE due_on = %(today)s) AS today,
       sum(change) FILTER (WHERE due_on BETWEEN %(today)s AND %(sunday)s) AS week, sum(change) AS open
  FROM appeals_tally
 WHERE (%(territory)s::varchar IS NULL OR territory = %(territory)s)
   AND (%(handler)s::bigint IS NULL OR handler_id = %(handler)s)
 GROUP BY handler_id, line, owner_id
HAVING sum(change) > 0
