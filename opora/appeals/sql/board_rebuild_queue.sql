-- Brings the queue in line with the appeals: who waits since the last event that put her where she is. Who stands there
-- rightly keeps her moment. Read by appeals.board.counting. Budget: a scan of the appeals, 1 ms for each one missing.
WITH waits AS (
  SELECT id, territory_id, handler_id, line, registered_at FROM appeals_appeal
   WHERE owner_id IS NULL AND closed_at IS NULL),
gone AS (
  DELETE FROM appeals_queued q
   WHERE NOT EXISTS (SELECT 1 FROM waits w WHERE w.id = q.appeal_id))
INSERT INTO appeals_queued AS q (appeal_id, territory, handler_id, line, since)
SELECT w.id, w.territory_id, w.handler_id, w.line,
       coalesce((SELECT max(e.at) FROM appeals_event e
                  WHERE e.appeal_id = w.id AND e.details ?| ARRAY['owner', 'handler', 'line', 'closed']), w.registered_at)
  FROM waits w
 WHERE NOT EXISTS (SELECT 1 FROM appeals_queued q
                    WHERE (q.appeal_id, q.territory, q.handler_id, q.line) = (w.id, w.territory_id, w.handler_id, w.line))
ON CONFLICT (appeal_id) DO UPDATE
   SET territory = excluded.territory, handler_id = excluded.handler_id, line = excluded.line, since = excluded.since
