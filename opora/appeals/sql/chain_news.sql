-- What may be told aloud of appeals that have just changed, and to whom: holders of grants and their branches there.
-- Read by appeals.chain.news. ``deep`` are the organisations all of whose levels see stage and term; the others hear
-- only that something has changed. Budget: 2 000 appeals under 100 ms.
SELECT a.id, a.number, a.kind, a.topic_code, a.channel, a.stage, a.line, a.handler_id, a.owner_id, a.due_at, a.closed_at,
       a.version, array_agg(o.id ORDER BY o.id) FILTER (WHERE least(g.depth1, g.depth2, g.depth3) >= 2) AS deep,
       array_agg(o.id ORDER BY o.id) FILTER (WHERE least(g.depth1, g.depth2, g.depth3) < 2
                                               AND greatest(g.depth1, g.depth2, g.depth3) >= 1) AS shallow
  FROM appeals_appeal a
  JOIN appeals_grant g ON g.appeal_id = a.id
  JOIN organisations_organisation o
    ON o.id = g.organisation_id OR o.parent_id = g.organisation_id AND o.territory_id = g.territory
 WHERE a.id = ANY(%(appeals)s)
 GROUP BY a.id
