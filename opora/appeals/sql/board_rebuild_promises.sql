-- Counts the open promises anew. Read by appeals.board.counting. Budget: 10 000 promises under 100 ms.
WITH gone AS (DELETE FROM appeals_promisetally)
INSERT INTO appeals_promisetally (territory, handler_id, due_at, change, is_folded)
SELECT a.territory_id, coalesce(o.parent_id, o.id), p.due_at, count(*), true
  FROM appeals_callback p
  JOIN appeals_appeal a ON a.id = p.appeal_id
  JOIN organisations_organisation o ON o.id = p.organisation_id
 WHERE p.state = 'open' GROUP BY 1, 2, 3
