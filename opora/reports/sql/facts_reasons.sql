-- Reasons of complaints as reports count them, those of the appeals %(keys)s (NULL — of all) after %(after)s and up to
-- %(until)s (NULL — no end). Whose work it was is said of appeals in facts_appeals. What is decided of a reason counts
-- once the complaint has its verdict: until it is answered that may change, and one withdrawn or open again has none.
-- Read by reports.filling. Budget: 40 µs an appeal named, 15 µs a reason of all.
SELECT x.id AS reason_id, x.appeal_id, a.territory_id AS territory, does.insurer_id,
       coalesce(ci.parent_id, ci.id, CASE WHEN cp.id IS NULL THEN coalesce(ai.parent_id, ai.id) END, 0) AS about_id,
       CASE WHEN does.insurer_id = 0 THEN 'fund' ELSE 'insurer' END AS performer,
       (a.registered_at AT TIME ZONE t.time_zone)::date AS registered_on,
       (a.closed_at AT TIME ZONE t.time_zone)::date AS closed_on, a.kind, a.form, a.channel, a.origin, x.topic_code, x.topic_id,
       CASE WHEN a.flags = '{}' AND c.flags = '{}' THEN a.flags
            ELSE ARRAY(SELECT DISTINCT one COLLATE "C" FROM unnest(a.flags || c.flags) one ORDER BY 1)::varchar[]
            END AS flags,
       coalesce(x.provider_id, 0) AS provider_id, judged.verdict,
       CASE WHEN judged.verdict IN ('pretrial', 'court') THEN judged.verdict ELSE '' END AS settled,
       CASE WHEN judged.verdict = 'court' THEN coalesce((SELECT d.filer FROM complaints_dispute d
                  WHERE d.case_id = x.appeal_id AND d.track = 'court' ORDER BY d.filed_on DESC, d.id DESC LIMIT 1), '')
            ELSE '' END AS filer,
       coalesce((SELECT sum(back.amount) FROM complaints_restoration back
                  WHERE back.case_id = x.appeal_id AND back.reason_id = x.id), 0) AS amount
  FROM appeals_reason x
  JOIN appeals_appeal a ON a.id = x.appeal_id
  JOIN organisations_territory t ON t.code = a.territory_id
  JOIN organisations_organisation h ON h.id = a.handler_id
  JOIN organisations_organisation r ON r.id = a.organisation_id
  JOIN classifiers_topic c ON c.id = x.topic_id
  LEFT JOIN appeals_party cp ON cp.appeal_id = a.id AND cp.role = 'concerned'
  LEFT JOIN organisations_organisation ci ON ci.id = cp.insurer_id
  LEFT JOIN appeals_party ap ON ap.appeal_id = a.id AND ap.role = 'applicant'
  LEFT JOIN organisations_organisation ai ON ai.id = ap.insurer_id
 CROSS JOIN LATERAL (
    SELECT CASE WHEN h.kind IN ('insurer', 'branch') THEN coalesce(h.parent_id, h.id)
                WHEN h.kind <> 'fund' AND r.kind IN ('insurer', 'branch') THEN coalesce(r.parent_id, r.id)
                ELSE 0 END AS insurer_id) does
 CROSS JOIN LATERAL (
    SELECT CASE WHEN a.verdict = '' OR x.verdict = '' THEN a.verdict ELSE x.verdict END AS verdict) judged
 WHERE (%(keys)s::uuid[] IS NULL OR x.appeal_id = ANY(%(keys)s::uuid[]))
   AND (%(after)s::uuid IS NULL OR x.appeal_id > %(after)s::uuid)
   AND (%(until)s::uuid IS NULL OR x.appeal_id <= %(until)s::uuid)
