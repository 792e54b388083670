-- Applies a recount: the clocks, an event for each moved date, the appeals they belong to. Run by appeals.recount as
-- recount_apply. The last day ends in the zone of who answers. Budget: 200 000 moved dates under 40 s, most of it the
-- indexes of the lists.
UPDATE appeals_clock c
   SET due_on = r.due_on, due_at = c.due_at + (r.due_on - r.was) * interval '1 day', warn_on = r.warn_on,
       law_version = r.law_version, calendar_version = r.calendar_version
  FROM recounted_clock r
 WHERE c.id = r.id;

INSERT INTO appeals_event (
    at, id, appeal_id, territory, organisation_id, kind, employee_name, line, depth, details, text)
SELECT clock_timestamp(), gen_random_uuid(), c.appeal_id, a.territory_id, a.organisation_id, 'clock_moved',
       'Пересчёт сроков', '', 2,
       jsonb_build_object('term', c.term, 'was', c.was, 'now', c.due_on, 'is_main', c.is_main,
                          'calendar', c.calendar_version, 'law', c.law_version)
       || CASE WHEN c.is_main THEN jsonb_build_object('due_on', (
            SELECT min(m.due_on) FROM appeals_clock m
             WHERE m.appeal_id = c.appeal_id AND m.state = 'running' AND m.is_main)) ELSE '{}' END, ''
  FROM recounted_clock c
  JOIN appeals_appeal a ON a.id = c.appeal_id
 WHERE c.due_on <> c.was;

UPDATE appeals_appeal a
   SET due_on = m.due_on, due_at = m.due_at, version = a.version + 1
  FROM (SELECT DISTINCT ON (c.appeal_id) c.appeal_id, c.due_on,
               (c.due_on + time '23:59:59') AT TIME ZONE coalesce(nullif(o.time_zone, ''), t.time_zone) AS due_at
          FROM (SELECT DISTINCT appeal_id FROM recounted_clock WHERE is_main AND due_on <> was) touched
          JOIN appeals_clock c ON c.appeal_id = touched.appeal_id AND c.state = 'running' AND c.is_main
          JOIN appeals_appeal open ON open.id = c.appeal_id AND open.closed_at IS NULL
          JOIN organisations_organisation o ON o.id = open.handler_id
          JOIN organisations_territory t ON t.code = o.territory_id
         ORDER BY c.appeal_id, c.due_on) m
 WHERE a.id = m.appeal_id AND a.due_on <> m.due_on
