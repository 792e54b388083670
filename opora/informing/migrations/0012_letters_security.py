"""Print runs under row security by the insurer; their rows are never deleted."""

from django.db import migrations

from opora.shared.row_security import SEES, protect, setting

SEEN = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")} AND territory = coalesce({setting("territory")}, territory)
  WHEN 'provider' THEN provider_id = {setting("provider", "bigint")}
  ELSE false END"""
OF_RUN = "EXISTS (SELECT 1 FROM informing_printrun r WHERE r.id = informing_letteritem.run_id)"


class Migration(migrations.Migration):
    dependencies = [("informing", "0011_letters")]

    operations = [
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON informing_{table} FOR EACH ROW"
                " EXECUTE FUNCTION informing_forever();",
                f"DROP TRIGGER IF EXISTS forever ON informing_{table};",
            )
            for table in ("printrun", "letteritem")
        ],
        protect("informing_printrun", SEEN),
        protect("informing_letteritem", OF_RUN),
    ]
