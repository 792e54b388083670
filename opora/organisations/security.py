"""Row security of what is said to one house: it and its head read it, the fund of the territory does not."""

from collections.abc import Iterable

from django.db import migrations

from opora.shared.row_security import SEES, setting


def own_and_branches(table: str) -> str:
    """SQL: ``table.organisation_id`` is the organisation of the scope or a branch of it (``models.OwnAndBranches``)."""
    house = f"o.id = {table}.organisation_id AND {setting('organisation', 'bigint')} IN (o.id, o.parent_id)"
    return f"({SEES} = 'all' OR EXISTS (SELECT 1 FROM organisations_organisation o WHERE {house}))"  # noqa: S608 — our own words


def narrow(tables: Iterable[str]) -> list[migrations.RunSQL]:
    """Let rows that the fund of the territory could read by row security be seen by their house alone."""
    change = "ALTER POLICY scope ON {table} USING ({visible}) WITH CHECK ({visible});"
    wide = "organisations_sees(organisation_id)"
    return [
        migrations.RunSQL(
            change.format(table=table, visible=own_and_branches(table)), change.format(table=table, visible=wide)
        )
        for table in tables
    ]
