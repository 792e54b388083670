-- Open appeals an organisation sees, due until Sunday, by topic: a range of one partial index. Read by appeals.summary.
-- ``open`` counts those due until then. Budget: 20 000 open appeals due this week under 50 ms.
SELECT topic_code, count(*) FILTER (WHERE due_at < %(now)s) AS overdue,
       count(*) FILTER (WHERE due_at >= %(now)s AND due_at < %(today)s) AS today,
       count(*) FILTER (WHERE due_at >= %(now)s) AS week, count(*) AS open
  FROM appeals_grant
 WHERE organisation_id = %(holder)s AND closed_at IS NULL AND due_at < %(sunday)s AND depth3 >= 2
   AND (%(territory)s::varchar IS NULL OR territory = %(territory)s)
 GROUP BY topic_code
 ORDER BY overdue DESC, today DESC, week DESC, topic_code
 LIMIT 30
