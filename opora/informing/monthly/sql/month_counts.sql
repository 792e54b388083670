-- The months of one calendar year: each theme by each way, each theme by all ways, everything. A person counts once in
-- each sum. Read by monthly.nightly. Budget: 5.4 million rows under 40 s.
INSERT INTO informing_monthcount (year, month, territory, insurer_id, theme, way, first, repeated, people, messages,
                                  came, cost, counted_at)
SELECT %(year)s, extract(month FROM "on"), territory, insurer_id, coalesce(theme, ''), coalesce(way, ''),
       count(DISTINCT person_id) FILTER (WHERE is_first),
       count(DISTINCT person_id) FILTER (WHERE is_informing AND NOT is_first),
       count(DISTINCT person_id) FILTER (WHERE is_informing), count(*), count(*) FILTER (WHERE came), sum(cost), %(now)s
  FROM informing_informed
 WHERE "on" >= make_date(%(year)s, 1, 1) AND "on" < make_date(%(year)s + 1, 1, 1)
 GROUP BY GROUPING SETS ((extract(month FROM "on"), territory, insurer_id, theme, way),
                         (extract(month FROM "on"), territory, insurer_id, theme),
                         (extract(month FROM "on"), territory, insurer_id))
