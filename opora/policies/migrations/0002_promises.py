"""What the database keeps by itself: whose rows are seen, a courier's own route alone, rows that stay."""

from django.db import migrations

from opora.shared.row_security import SEES, owned, protect, setting

ME = f"{SEES} = 'nothing' AND employee_id = {setting('employee', 'bigint')}"
OWNED = owned(by_clinic="false")
# A courier works in a scope that sees nothing of the register: her own routes of a week, and what hangs on them.
LATE = 8
OF_DELIVERY = ("deliveryevent", "handover", "notice")
FOREVER = """
CREATE FUNCTION policies_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a delivery keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
"""
KEPT = ("delivery", "route", "visit", "handover", "notice")


def seen_with(table: str, whole: str, key: str) -> str:
    """SQL: who sees the row that ``key`` names sees this one; its own policy holds inside the question."""
    return f"EXISTS (SELECT 1 FROM policies_{whole} w WHERE w.id = policies_{table}.{key})"


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("policies_courier", f"({OWNED}) OR ({ME})"),
        protect("policies_route", f"({OWNED}) OR ({ME} AND day BETWEEN current_date - {LATE} AND current_date + 1)"),
        protect("policies_visit", seen_with("visit", "route", "route_id")),
        protect(
            "policies_delivery",
            f"({OWNED}) OR ({SEES} = 'nothing' AND EXISTS"
            " (SELECT 1 FROM policies_visit v WHERE v.delivery_id = policies_delivery.id))",
        ),
        *[protect(f"policies_{table}", seen_with(table, "delivery", "delivery_id")) for table in OF_DELIVERY],
        migrations.RunSQL(FOREVER, "DROP FUNCTION policies_forever() CASCADE;"),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON policies_{table} FOR EACH ROW"
                " EXECUTE FUNCTION policies_forever();",
                f"DROP TRIGGER IF EXISTS forever ON policies_{table};",
            )
            for table in KEPT
        ],
    ]
