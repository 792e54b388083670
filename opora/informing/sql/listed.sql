-- Lines of lists about one measure of a year that concern an insurer, and for how many the person is found.
-- Read by queries.listed at a dry run and a launch, never by a page. Budget: 3 million lines under 5 s.
SELECT count(*) AS listed, count(*) FILTER (WHERE state = 'matched') AS matched
  FROM informing_entry
 WHERE insurer_id = %(insurer)s AND territory = %(territory)s AND year = %(year)s AND measure = %(measure)s AND told = 'listed'
