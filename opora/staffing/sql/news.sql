-- The next turns of the chain after %(after)s: where they end and which appeals of them may be another call than before.
-- Read by staffing.counting. Budget: 3 µs a turn.
WITH turns AS MATERIALIZED (
  SELECT turn, event_at, event_id FROM appeals_chainlink WHERE turn > %(after)s ORDER BY turn LIMIT %(most)s)
SELECT (SELECT max(turn) FROM turns) AS turn, (SELECT count(*) FROM turns) AS turns,
       coalesce(array_agg(DISTINCT e.appeal_id) FILTER (WHERE e.appeal_id IS NOT NULL), '{}') AS appeals
  FROM turns t
  JOIN appeals_event e ON e.at = t.event_at AND e.id = t.event_id
   AND e.at >= (SELECT min(event_at) FROM turns) AND e.at <= (SELECT max(event_at) FROM turns)
   AND e.kind = ANY(%(kinds)s)
