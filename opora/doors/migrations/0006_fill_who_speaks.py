"""Threads tied to an appeal before it was asked who writes: the one that opened the appeal is its applicant's.

Which rows: those opened before the appeal was registered whose draft of intake became it, or, where that draft is gone
or there was none, whose first message came in the minute the appeal is said to have come. Of others nobody knows who
writes, so that no answer leaves there until an employee says so.
"""

from django.db import migrations

FILL = """
SELECT set_config('opora.sees', 'all', true);
UPDATE doors_thread t
   SET is_applicants = true
  FROM appeals_appeal a
 WHERE a.id = t.appeal_id AND a.registered_at >= t.opened_at
   AND (EXISTS (SELECT FROM appeals_draft d WHERE d.id = t.draft AND d.appeal_id = a.id)
        OR NOT EXISTS (SELECT FROM appeals_draft d WHERE d.id = t.draft)
       AND date_trunc('minute', a.received_at) IN (
             SELECT date_trunc('minute', moment)
               FROM (SELECT m.at, m.received_at FROM doors_message m
                      WHERE m.thread_id = t.id AND m.direction = 'in'
                      ORDER BY m.received_at, m.id LIMIT 1) first,
                    unnest(ARRAY[first.at, first.received_at]) moment));
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("doors", "0005_who_speaks_for_the_applicant")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
