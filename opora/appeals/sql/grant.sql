-- Lets one organisation see one appeal; what it saw before it keeps unless told exactly. Read by appeals.services.
-- The columns of the lists are copied from the row as it is now. Budget: 1 ms.
INSERT INTO appeals_grant AS g (
    appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
    kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT a.id, %(organisation)s, a.territory_id, a.organisation_id, %(reason)s, %(depth1)s, %(depth2)s, %(depth3)s,
       %(now)s, a.registered_at, a.kind, a.topic_code, a.channel, a.stage, a.line, a.handler_id, a.owner_id, a.due_at,
       a.closed_at
  FROM appeals_appeal a
 WHERE a.id = %(appeal)s
ON CONFLICT (appeal_id, organisation_id) DO UPDATE
   SET depth1 = CASE WHEN %(exactly)s THEN excluded.depth1 ELSE greatest(g.depth1, excluded.depth1) END,
       depth2 = CASE WHEN %(exactly)s THEN excluded.depth2 ELSE greatest(g.depth2, excluded.depth2) END,
       depth3 = CASE WHEN %(exactly)s THEN excluded.depth3 ELSE greatest(g.depth3, excluded.depth3) END,
       reason = CASE WHEN excluded.reason = 'handles' OR %(exactly)s THEN excluded.reason ELSE g.reason END
