-- Applies a recount: an event for each moved date, the clocks, the appeals they belong to. Run by appeals.recount as
-- recount_apply. The last day ends in the zone of who answers. Budget: 1 000 000 clocks under 50 s.
INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_name, line, depth, details, text)
SELECT clock_timestamp(), gen_random_uuid(), c.appeal_id, a.territory_id, a.organisation_id, 'clock_moved',
       'Пересчёт сроков', '', 2,
       jsonb_build_object('term', c.term, 'was', c.due_on, 'now', r.due_on, 'is_main', c.is_main,
                          'calendar', r.calendar_version, 'law', r.law_version), ''
  FROM appeals_clock c
  JOIN recounted r USING (term, started_on, territory, extension, pauses)
  JOIN appeals_appeal a ON a.id = c.appeal_id
 WHERE c.state = 'running' AND c.due_on <> r.due_on;

UPDATE appeals_appeal a
   SET due_on = m.due_on, due_at = m.due_at, version = a.version + 1
  FROM (SELECT DISTINCT ON (c.appeal_id) c.appeal_id, coalesce(r.due_on, c.due_on) AS due_on,
               (coalesce(r.due_on, c.due_on) + time '23:59:59')
                   AT TIME ZONE coalesce(nullif(o.time_zone, ''), t.time_zone) AS due_at
          FROM appeals_clock c
          LEFT JOIN recounted r USING (term, started_on, territory, extension, pauses)
          JOIN appeals_appeal open ON open.id = c.appeal_id AND open.closed_at IS NULL
          JOIN organisations_organisation o ON o.id = open.handler_id
          JOIN organisations_territory t ON t.code = o.territory_id
         WHERE c.state = 'running' AND c.is_main
         ORDER BY c.appeal_id, coalesce(r.due_on, c.due_on)) m
 WHERE a.id = m.appeal_id AND a.due_on <> m.due_on;

UPDATE appeals_clock c
   SET due_on = r.due_on,
       due_at = CASE WHEN c.due_on = r.due_on THEN c.due_at
                     ELSE c.due_at + (r.due_on - c.due_on) * interval '1 day' END,
       warn_on = r.warn_on, law_version = r.law_version, calendar_version = r.calendar_version
  FROM recounted r
 WHERE c.state = 'running'
   AND (c.term, c.started_on, c.territory, c.extension, c.pauses)
       = (r.term, r.started_on, r.territory, r.extension, r.pauses)
   AND (c.due_on, c.law_version, c.calendar_version) IS DISTINCT FROM (r.due_on, r.law_version, r.calendar_version)
