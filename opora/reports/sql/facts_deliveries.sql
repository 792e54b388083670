-- Requests to bring a policy as reports count them, those of %(keys)s (NULL — all). Read by reports.filling.
-- Budget: 20 µs a request named, 5 µs of all.
SELECT d.id AS delivery_id, d.territory, coalesce(o.parent_id, o.id) AS insurer_id,
       (d.asked_at AT TIME ZONE t.time_zone)::date AS asked_on, (d.closed_at AT TIME ZONE t.time_zone)::date AS ended_on,
       g.on AS handed_on, d.category, d.state, d.tries, g.on <= d.due_on AS in_time
  FROM policies_delivery d
  JOIN organisations_territory t ON t.code = d.territory
  JOIN organisations_organisation o ON o.id = d.insurer_id
  LEFT JOIN policies_handover g ON g.delivery_id = d.id
 WHERE %(keys)s::bigint[] IS NULL OR d.id = ANY(%(keys)s::bigint[])
