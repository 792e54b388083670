"""Answers stand in the period in which people were asked: the facts of every round that has ended are made anew.

What sealed reports have counted stays: their triggers write the former rows down.
"""

from django.db import migrations

AGAIN = """
SELECT set_config('opora.sees', 'all', true);
INSERT INTO reports_stale (source, key) SELECT 'surveys', id::text FROM surveys_round WHERE state = 'closed';
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_keep_pending"), ("surveys", "__first__")]

    operations = [migrations.RunSQL(AGAIN, AGAIN)]
