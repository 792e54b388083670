-- Counts appeals taken by telephone as calls: %(appeals)s, NULL — all. Returns the half-hours they stand in now.
-- Read by staffing.counting, after add_lines and forget_calls. Budget: 10 µs an appeal.
WITH made AS (
  INSERT INTO staffing_countedcall (appeal_id, line_id, at)
  SELECT a.id, l.id, date_bin('30 minutes', a.received_at, '2000-01-01T00:00:00Z')
    FROM appeals_appeal a
    JOIN staffing_line l ON l.organisation_id = a.organisation_id AND l.code = 'hot'
   WHERE a.channel = 'hot_line' AND (%(appeals)s::uuid[] IS NULL OR a.id = ANY(%(appeals)s::uuid[]))
  RETURNING line_id, at)
SELECT DISTINCT line_id, at FROM made
