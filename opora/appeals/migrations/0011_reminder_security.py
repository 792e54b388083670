"""Whose reminders are whose: who sees the stage of an appeal sees its warnings; only the program makes them."""

from django.db import migrations

from opora.appeals.security import ALL, seen

TABLE = "appeals_reminder"
ON = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY may_select ON {TABLE} FOR SELECT USING ({seen(TABLE, 2)});
CREATE POLICY may_insert ON {TABLE} FOR INSERT WITH CHECK ({ALL});
CREATE POLICY may_delete ON {TABLE} FOR DELETE USING ({ALL});
"""
OFF = f"""
DROP POLICY may_select ON {TABLE};
DROP POLICY may_insert ON {TABLE};
DROP POLICY may_delete ON {TABLE};
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0010_reminder")]

    operations = [migrations.RunSQL(ON, OFF)]
