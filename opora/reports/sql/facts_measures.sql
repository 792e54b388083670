-- Restorations as reports count them, of the complaints %(keys)s (NULL — of all). Read by reports.filling.
-- Budget: 20 µs a complaint named, 5 µs of all.
SELECT b.id AS restoration_id, b.case_id AS appeal_id, k.territory, coalesce(o.parent_id, o.id, 0) AS insurer_id,
       b.on, b.how, coalesce(b.amount, 0) AS amount
  FROM complaints_restoration b
  JOIN complaints_case k ON k.appeal_id = b.case_id
  LEFT JOIN organisations_organisation o ON o.id = k.insurer_id
 WHERE %(keys)s::uuid[] IS NULL OR b.case_id = ANY(%(keys)s::uuid[])
