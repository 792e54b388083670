-- Suits of recourse as reports count them, those of %(keys)s (NULL — all): a step for the filing, one for each payment.
-- What was taken back is none. Read by reports.filling. Budget: 20 µs a suit named, 5 µs of all.
SELECT 'filed:' || r.id AS key, r.id AS recourse_id, r.territory, coalesce(o.parent_id, o.id, 0) AS insurer_id,
       r.filed_on AS on, 'filed' AS step, r.outcome, coalesce(r.provider_id, 0) AS provider_id, r.care, r.expertise,
       r.costs, r.care + r.expertise + r.costs AS total
  FROM complaints_recourse r
  LEFT JOIN organisations_organisation o ON o.id = r.insurer_id
 WHERE r.withdrawn_at IS NULL AND (%(keys)s::uuid[] IS NULL OR r.id = ANY(%(keys)s::uuid[]))
UNION ALL
SELECT 'paid:' || r.id || ':' || p.id, r.id, r.territory, coalesce(o.parent_id, o.id, 0),
       p.on, 'paid', r.outcome, coalesce(r.provider_id, 0), p.care, p.expertise, p.costs, p.care + p.expertise + p.costs
  FROM complaints_recoursepayment p
  JOIN complaints_recourse r ON r.id = p.recourse_id
  LEFT JOIN organisations_organisation o ON o.id = r.insurer_id
 WHERE r.withdrawn_at IS NULL AND p.withdrawn_at IS NULL
   AND (%(keys)s::uuid[] IS NULL OR r.id = ANY(%(keys)s::uuid[]))
