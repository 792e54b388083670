"""What the database keeps by itself: whose rows are whose, rows that nobody deletes, one row to begin reading from.

Facts are seen as deep as the reasons of their appeal, counts by whoever answers; only the program writes both.
"""

from django.db import migrations

from opora.appeals.security import ALL, seen
from opora.shared.row_security import SEES, owned, protect

COUNTED = owned(by_clinic="false")
WITH_FINDING = "{sees} <> 'provider' AND EXISTS (SELECT 1 FROM findings_finding w WHERE w.id = {table}.finding_id)"  # its own policy
FOREVER = """
CREATE FUNCTION findings_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a finding keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
"""
KEPT = ("finding", "alarm", "watch")


def counted(table: str, visible: str) -> migrations.RunSQL:
    """Read by ``visible``, written and taken away by the program alone."""
    name = f"findings_{table}"
    on = f"""ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON {name} FOR SELECT USING ({visible});
CREATE POLICY program_writes ON {name} FOR ALL USING ({ALL}) WITH CHECK ({ALL});"""
    off = f"""DROP POLICY IF EXISTS scope ON {name}; DROP POLICY IF EXISTS program_writes ON {name};
ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;"""
    return migrations.RunSQL(on, off)


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0001_initial"),
        ("appeals", "0019_wait_security"),
        ("organisations", "0002_row_security"),
    ]

    operations = [
        counted("fact", seen("findings_fact", 3)),
        counted("day", COUNTED),
        counted("watch", COUNTED),
        counted("cursor", ALL),
        protect("findings_alarm", COUNTED),
        protect("findings_finding", owned(by_clinic="letter_on IS NOT NULL")),
        *[
            protect(f"findings_{table}", WITH_FINDING.format(sees=SEES, table=f"findings_{table}"))
            for table in ("findingappeal", "findingevent")
        ],
        migrations.RunSQL(FOREVER, "DROP FUNCTION findings_forever() CASCADE;"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON findings_{table} FOR EACH ROW"
                " EXECUTE FUNCTION findings_forever();",
                f"DROP TRIGGER IF EXISTS forever ON findings_{table};",
            )
            for table in KEPT
        ],
    ]
