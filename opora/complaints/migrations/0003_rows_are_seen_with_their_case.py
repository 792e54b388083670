"""Rows of a case are seen with their case: when the appeal goes to another insurer, all of it goes with it.

The policies come off first, for they read the columns that go.
"""

from django.db import migrations

from opora.shared.row_security import SEES, owned, protect, setting

OF_CASE = ("caseevent", "restoration", "dispute", "doubtedservice")
BESIDE = ("recordsrequest", "control", "claim")


def off(table: str, former: str) -> migrations.RunSQL:
    name = f"complaints_{table}"
    return migrations.RunSQL(f"DROP POLICY scope ON {name};", protect(name, former).sql)


def seen_with(whole: str, table: str) -> str:
    """SQL: who sees the row that ``table`` names sees this one; its own policy holds inside the question."""
    key = "appeal_id" if whole == "case" else "id"
    return f"EXISTS (SELECT 1 FROM complaints_{whole} w WHERE w.{key} = complaints_{table}.{whole}_id)"  # noqa: S608


def beside(whole: str, table: str, *, handed: str = "true") -> str:
    """SQL: a clinic sees what names it, everybody else what they see the whole of."""
    return f"""CASE {SEES} WHEN 'provider' THEN provider_id = {setting("provider", "bigint")} AND {handed}
  ELSE {seen_with(whole, table)} END"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_promises"), ("organisations", "0002_row_security")]

    operations = [
        *[off(table, owned(by_clinic="false")) for table in OF_CASE],
        off("recordsrequest", owned()),
        off("control", owned(by_clinic="handed_at IS NOT NULL")),
        off("claim", owned()),
        migrations.RemoveIndex("recordsrequest", "request_of_insurer"),
        *[migrations.RemoveField(table, "insurer") for table in (*OF_CASE, *BESIDE)],
        *[migrations.RemoveField(table, "territory") for table in OF_CASE],
        *[protect(f"complaints_{table}", seen_with("case", table)) for table in OF_CASE],
        protect("complaints_recordsrequest", beside("case", "recordsrequest")),
        protect("complaints_control", beside("case", "control", handed="handed_at IS NOT NULL")),
        protect("complaints_claim", beside("control", "claim")),
    ]
