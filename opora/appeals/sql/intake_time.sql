-- Median seconds from opening intake to saving, by topic, the longest first; fewer talks than ``fewest`` are left out,
-- and nobody's name is near; those of branches count with their head. Read by appeals.summary. Budget: a month of one organisation (60 000 talks) under 100 ms.
SELECT topic_code, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median, count(*) AS talks
  FROM appeals_intaketime
 WHERE organisation_id IN (SELECT id FROM organisations_organisation WHERE %(holder)s IN (id, parent_id)) AND "on" BETWEEN %(since)s AND %(until)s
 GROUP BY topic_code
HAVING count(*) >= %(fewest)s
 ORDER BY median DESC, topic_code
 LIMIT 30
