"""Whose waits are whose: as deep as reasons, for they say as much of a person."""

from django.db import migrations

from opora.appeals.security import seen

TABLE = "appeals_wait"
RULE = seen(TABLE, 3)
ON = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY may_select ON {TABLE} FOR SELECT USING ({RULE});
CREATE POLICY may_insert ON {TABLE} FOR INSERT WITH CHECK ({RULE});
CREATE POLICY may_update ON {TABLE} FOR UPDATE USING ({RULE}) WITH CHECK ({RULE});
CREATE TRIGGER forever BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION appeals_forever();
"""
OFF = f"""
DROP TRIGGER forever ON {TABLE};
DROP POLICY may_select ON {TABLE};
DROP POLICY may_insert ON {TABLE};
DROP POLICY may_update ON {TABLE};
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0018_wait")]

    operations = [migrations.RunSQL(ON, OFF)]
