"""A suit of recourse is seen by who sues and by the fund; what belongs to it is seen with it. None is deleted."""

from django.db import migrations

from opora.shared.row_security import owned, protect

FOREVER = """CREATE TRIGGER forever BEFORE DELETE ON complaints_{table} FOR EACH ROW
  EXECUTE FUNCTION complaints_forever();"""


def with_suit(table: str) -> migrations.RunSQL:
    return protect(
        f"complaints_{table}",
        f"EXISTS (SELECT 1 FROM complaints_recourse r WHERE r.id = complaints_{table}.recourse_id)",
    )


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_recourse")]

    operations = [
        protect("complaints_recourse", owned(by_clinic="false")),
        with_suit("recoursepayment"),
        with_suit("recourseevent"),
        *[
            migrations.RunSQL(FOREVER.format(table=table), f"DROP TRIGGER IF EXISTS forever ON complaints_{table};")
            for table in ("recourse", "recoursepayment")
        ],
    ]
