-- Takes appeals out of what was counted: %(appeals)s, NULL — all. Returns the half-hours they stood in.
-- Read by staffing.counting. Budget: 5 µs an appeal.
WITH gone AS (
  DELETE FROM staffing_countedcall WHERE %(appeals)s::uuid[] IS NULL OR appeal_id = ANY(%(appeals)s::uuid[])
  RETURNING line_id, at)
SELECT DISTINCT line_id, at FROM gone
