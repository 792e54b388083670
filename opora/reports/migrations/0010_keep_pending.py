"""A dispute that waited is kept too: a seal that counts disputes counts those filed before its days as well.

Whatever becomes of a suit filed before the last sealed day — a decision of a day long past, say — is written down,
though none of its days may lie in the seal.
"""

from importlib import import_module

from django.db import migrations

former = import_module("opora.reports.migrations.0004_keep_sealed")
OF_DAYS = """    INTO covers FROM unnest(days) one;
"""
OF_PENDING = """    INTO covers FROM unnest(days) one;
  IF TG_NARGS > 4 THEN  -- from this day on a fact may wait, so every later seal counts it
    covers := left(covers, -2) || format(' OR coalesce(#.%I < upper(s.days), false)))', TG_ARGV[4]);
  END IF;
"""
KEEP = former.KEEP.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
TABLE, *GIVEN = former.FACTS["disputes"]


def kept(*given: str) -> str:
    words = ", ".join(f"'{one}'" for one in given)
    return "".join(
        f"DROP TRIGGER reports_keep_sealed_{operation} ON {TABLE};\n"
        f"CREATE TRIGGER reports_keep_sealed_{operation} AFTER {operation.upper()} ON {TABLE} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_sealed({words});\n"
        for operation, rows in former.OPERATIONS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_schedules_narrowed")]

    operations = [
        migrations.RunSQL(KEEP.replace(OF_DAYS, OF_PENDING), KEEP),
        migrations.RunSQL(kept("disputes", *GIVEN, "filed_on"), kept("disputes", *GIVEN)),
    ]
