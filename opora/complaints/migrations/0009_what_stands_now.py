"""Rows that are there are made right: only the fund has taken violations back so far; the day of an open case is the
nearest that is awaited now, also where its answer was extended or given since somebody last acted on the case.

Rows: violations taken back, open cases whose day is another one.
"""

from django.db import migrations

NOW = """
SELECT set_config('opora.sees', 'all', true);
UPDATE complaints_violation SET lifted_by = 'fund' WHERE is_upheld = false;
UPDATE complaints_case k SET due_on = awaited.day
  FROM complaints_case open
 CROSS JOIN LATERAL (
    SELECT least((SELECT min(r.due_on) FROM complaints_recordsrequest r
                   WHERE r.case_id = open.appeal_id AND r.state IN ('asked', 'returned')),
                 (SELECT min(c.due_on) FROM complaints_control c
                   WHERE c.case_id = open.appeal_id AND c.state IN ('handed', 'disputed')),
                 (SELECT min(m.due_on) FROM complaints_claim m JOIN complaints_control c ON c.id = m.control_id
                   WHERE c.case_id = open.appeal_id AND m.decision = ''),
                 (SELECT a.due_on FROM appeals_appeal a
                   WHERE a.id = open.appeal_id AND a.closed_at IS NULL AND a.answered_at IS NULL),
                 '9999-12-31') AS day) awaited
 WHERE k.appeal_id = open.appeal_id AND open.closed_at IS NULL AND k.due_on <> awaited.day;
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0008_who_took_a_violation_back")]

    operations = [migrations.RunSQL(NOW, migrations.RunSQL.noop)]
