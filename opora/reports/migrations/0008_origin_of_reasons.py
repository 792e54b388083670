"""Reasons that stand already get the origin of their appeal.

Their triggers are silent meanwhile: no sealed report has counted by it, so nothing under a seal has changed.
"""

from django.db import migrations

FILL = """
SELECT set_config('opora.sees', 'all', true);
ALTER TABLE reports_reasonfact DISABLE TRIGGER USER;
UPDATE reports_reasonfact f SET origin = a.origin FROM appeals_appeal a WHERE a.id = f.appeal_id;
ALTER TABLE reports_reasonfact ENABLE TRIGGER USER;
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_narrowed"), ("appeals", "__first__")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
