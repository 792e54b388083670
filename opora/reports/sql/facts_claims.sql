-- Claims of clinics as reports count them, those of %(keys)s (NULL — all). An act made by the fund is nobody's.
-- Read by reports.filling. Budget: 20 µs a claim named, 5 µs of all.
SELECT c.id AS claim_id, c.territory, c.provider_id,
       CASE WHEN o.kind IN ('insurer', 'branch') THEN coalesce(o.parent_id, o.id) ELSE 0 END AS insurer_id,
       (c.filed_at AT TIME ZONE t.time_zone)::date AS filed_on,
       (c.decided_at AT TIME ZONE t.time_zone)::date AS decided_on, c.decision, c.is_late
  FROM complaints_claim c
  JOIN complaints_control k ON k.id = c.control_id
  JOIN organisations_organisation o ON o.id = k.made_by_id
  JOIN organisations_territory t ON t.code = c.territory
 WHERE %(keys)s::uuid[] IS NULL OR c.id = ANY(%(keys)s::uuid[])
