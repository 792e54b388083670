-- Folds the counters of promised calls as board_fold_answers does. Read by appeals.board.counting, one at a time.
-- Budget: 5 000 new rows under 100 ms; nothing new — 1 ms.
WITH keys AS (
  SELECT DISTINCT territory, handler_id, due_at
    FROM (SELECT * FROM appeals_promisetally WHERE NOT is_folded ORDER BY id LIMIT 20000) fresh),
gone AS (
  DELETE FROM appeals_promisetally t USING keys k
   WHERE (t.territory, t.handler_id, t.due_at) = (k.territory, k.handler_id, k.due_at)
  RETURNING t.*)
INSERT INTO appeals_promisetally (territory, handler_id, due_at, change, is_folded)
SELECT territory, handler_id, due_at, sum(change), true FROM gone GROUP BY 1, 2, 3 HAVING sum(change) <> 0
