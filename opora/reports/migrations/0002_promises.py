"""Whose facts are whose: a fund reads its territory, an insurer its own work and complaints about itself, clinics none.

Only the program writes facts, seals and what changed under them.
"""

from django.db import migrations

from opora.appeals.security import ALL
from opora.shared.row_security import SEES, setting

ABOUT = ("appealfact", "reasonfact")
FACTS = (*ABOUT, "measurefact", "disputefact", "claimfact", "deliveryfact", "surveyfact")


def read_by(table: str, visible: str) -> migrations.RunSQL:
    name = f"reports_{table}"
    on = f"""ALTER TABLE {name} ENABLE ROW LEVEL SECURITY; ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON {name} FOR SELECT USING ({visible});
CREATE POLICY program_writes ON {name} FOR ALL USING ({ALL}) WITH CHECK ({ALL});"""
    off = f"""DROP POLICY IF EXISTS scope ON {name}; DROP POLICY IF EXISTS program_writes ON {name};
ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;"""
    return migrations.RunSQL(on, off)


def owned(own: str, territory: str = "territory") -> str:
    """SQL: the scope sees the territory of a row and, for an insurer, that ``own`` names it."""
    return f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN {territory} = {setting("territory")}
  WHEN 'insurer' THEN {setting("insurer", "bigint")} IN ({own})
                      AND {territory} = coalesce({setting("territory")}, {territory})
  ELSE false END"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("appeals", "0019_wait_security"),
        ("organisations", "0002_row_security"),
    ]

    operations = [
        *[read_by(table, owned("insurer_id, about_id" if table in ABOUT else "insurer_id")) for table in FACTS],
        read_by("seal", owned("insurer_id", "territory_id")),
        read_by("change", f"{SEES} = 'territory' AND territory = {setting('territory')} OR {ALL}"),
        read_by("cursor", ALL),
    ]
