-- Closed complaints of a territory that have no case yet, with their first reason, the person and who answered.
-- One row per complaint, earliest first. Read by simulation.cases.settle. Budget: 1 000 complaints under 0.2 s.
SELECT a.id, a.number, a.registered_at, a.closed_at, h.id AS handler_id, coalesce(h.parent_id, h.id) AS holder_id,
       h.kind = 'fund' AS is_funds, a.topic_code AS topic, coalesce(t.rows #>> '{pg-a,complaint}', '') AS line, a.verdict,
       r.id AS reason_id, r.provider_id,
       coalesce(concat_ws(' ', p.surname, p.given_name, nullif(p.patronymic, '')), 'Пациент') AS patient,
       p.birth_on, coalesce(p.enp, '') AS enp
  FROM appeals_appeal a
  JOIN organisations_organisation h ON h.id = a.handler_id
  JOIN classifiers_topic t ON t.id = a.topic_id
  JOIN LATERAL (SELECT id, provider_id FROM appeals_reason WHERE appeal_id = a.id ORDER BY id LIMIT 1) r ON true
  LEFT JOIN LATERAL (SELECT surname, given_name, patronymic, birth_on, enp FROM appeals_party
                      WHERE appeal_id = a.id ORDER BY id LIMIT 1) p ON true
 WHERE a.territory_id = %(territory)s AND a.kind = 'complaint' AND a.closed_at IS NOT NULL AND a.verdict <> ''
   AND h.kind IN ('fund', 'insurer', 'branch')
   AND NOT EXISTS (SELECT 1 FROM complaints_case c WHERE c.appeal_id = a.id)
 ORDER BY a.registered_at, a.id
