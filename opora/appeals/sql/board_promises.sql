-- Promised calls of the board: one row per organisation that has promised any: overdue, still due today, and when the
-- nearest of them becomes overdue. Read by appeals.board.figures. Row security as for board_lines.
-- Budget: 10 000 open promises under 10 ms.
WITH due AS (
  SELECT handler_id, territory, due_at, sum(change) AS promised FROM appeals_promisetally
   WHERE (%(territory)s::varchar IS NULL OR territory = %(territory)s)
     AND (%(handler)s::bigint IS NULL OR handler_id = %(handler)s)
   GROUP BY handler_id, territory, due_at HAVING sum(change) > 0)
SELECT p.handler_id, coalesce(sum(p.promised) FILTER (WHERE p.due_at <= %(now)s), 0)::int AS overdue,
       coalesce(sum(p.promised) FILTER (WHERE p.due_at > %(now)s AND (p.due_at AT TIME ZONE t.time_zone)::date
                                              = (%(now)s::timestamptz AT TIME ZONE t.time_zone)::date), 0)::int AS due,
       min(p.due_at) FILTER (WHERE p.due_at > %(now)s) AS next_at
  FROM due p JOIN organisations_territory t ON t.code = p.territory
 GROUP BY p.handler_id
