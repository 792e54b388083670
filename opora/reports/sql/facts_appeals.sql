-- Appeals as reports count them, those of %(keys)s (NULL — all) after %(after)s and up to %(until)s (NULL — no end).
-- Whoever answers did the work; where that is neither fund nor insurer, who registered; a branch is its insurer.
-- Whether an appeal was handed over is looked up for each, or, where all were registered within a few weeks, read at
-- once: %(began)s and %(ended)s are then the moments between which it may have been, else NULL.
-- Read by reports.filling. Budget: 60 µs an appeal named, 15 µs of all.
SELECT a.id AS appeal_id, a.territory_id AS territory, does.insurer_id,
       coalesce(ci.parent_id, ci.id, CASE WHEN cp.id IS NULL THEN coalesce(ai.parent_id, ai.id) END, 0) AS about_id,
       CASE WHEN r.kind IN ('insurer', 'branch') THEN coalesce(r.parent_id, r.id) ELSE 0 END AS taken_by_id,
       CASE WHEN does.insurer_id = 0 THEN 'fund' ELSE 'insurer' END AS performer,
       local.registered::date AS registered_on, extract(hour FROM local.registered)::smallint AS registered_hour,
       local.closed::date AS closed_on, a.kind, a.form, a.channel, a.origin, a.standing, a.topic_code, a.topic_id,
       CASE WHEN a.flags = '{}' AND c.flags = '{}' THEN a.flags
            ELSE ARRAY(SELECT DISTINCT one COLLATE "C" FROM unnest(a.flags || c.flags) one ORDER BY 1)::varchar[]
            END AS flags,
       a.line_received, a.line, a.stage, a.outcome, a.verdict, a.is_repeat,
       CASE WHEN clocks.runs THEN NULL WHEN clocks.was_missed THEN false
            WHEN a.closed_at IS NOT NULL OR a.answered_at IS NOT NULL THEN true END AS in_time,
       CASE WHEN a.answered_at IS NOT NULL
            THEN greatest((a.answered_at AT TIME ZONE t.time_zone)::date
                          - (a.received_at AT TIME ZONE t.time_zone)::date, 0) END AS answer_days,
       coalesce(clocks.was_extended, false) AS was_extended,
       coalesce(local.closed::date = local.registered::date AND a.line = a.line_received
                AND a.handler_id = a.organisation_id, false)
       AND CASE WHEN %(began)s::timestamptz IS NOT NULL THEN moved.appeal_id IS NULL
                ELSE NOT EXISTS (SELECT 1 FROM appeals_event e
                                  WHERE e.appeal_id = a.id AND e.kind IN ('handed_over', 'forwarded')
                                    AND e.at >= a.registered_at - interval '2 days'
                                    AND e.at <= a.closed_at + interval '1 minute') END AS at_once
  FROM appeals_appeal a
  JOIN organisations_territory t ON t.code = a.territory_id
  JOIN organisations_organisation h ON h.id = a.handler_id
  JOIN organisations_organisation r ON r.id = a.organisation_id
  JOIN classifiers_topic c ON c.id = a.topic_id
  LEFT JOIN appeals_party cp ON cp.appeal_id = a.id AND cp.role = 'concerned'
  LEFT JOIN organisations_organisation ci ON ci.id = cp.insurer_id
  LEFT JOIN appeals_party ap ON ap.appeal_id = a.id AND ap.role = 'applicant'
  LEFT JOIN organisations_organisation ai ON ai.id = ap.insurer_id
  LEFT JOIN LATERAL (
    SELECT bool_or(k.state = 'running') AS runs, bool_or(k.state = 'missed') AS was_missed,
           bool_or(k.extension > 0) AS was_extended
      FROM appeals_clock k WHERE k.appeal_id = a.id AND k.is_main) clocks ON true
  LEFT JOIN (
    SELECT DISTINCT e.appeal_id
      FROM appeals_event e
      JOIN appeals_appeal own ON own.id = e.appeal_id
     WHERE e.kind IN ('handed_over', 'forwarded')
       AND e.at >= %(began)s::timestamptz AND e.at <= %(ended)s::timestamptz
       AND e.at >= own.registered_at - interval '2 days' AND e.at <= own.closed_at + interval '1 minute') moved
    ON moved.appeal_id = a.id
 CROSS JOIN LATERAL (
    SELECT CASE WHEN h.kind IN ('insurer', 'branch') THEN coalesce(h.parent_id, h.id)
                WHEN h.kind <> 'fund' AND r.kind IN ('insurer', 'branch') THEN coalesce(r.parent_id, r.id)
                ELSE 0 END AS insurer_id) does
 CROSS JOIN LATERAL (
    SELECT a.registered_at AT TIME ZONE t.time_zone AS registered, a.closed_at AT TIME ZONE t.time_zone AS closed) local
 WHERE (%(keys)s::uuid[] IS NULL OR a.id = ANY(%(keys)s::uuid[]))
   AND (%(after)s::uuid IS NULL OR a.id > %(after)s::uuid) AND (%(until)s::uuid IS NULL OR a.id <= %(until)s::uuid)
