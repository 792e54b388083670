"""Files are their maker's, schedules their organisation's, a publication everybody's until it is withdrawn."""

from django.db import migrations

from opora.appeals.security import ALL
from opora.shared.row_security import SEES, protect, setting

TERRITORY = setting("territory")
OWN_EXPORT = f"employee_id = {setting('employee', 'bigint')} OR {ALL}"
OWN_SCHEDULE = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {TERRITORY}
  WHEN 'insurer' THEN organisation_id = {setting("organisation", "bigint")}
  ELSE false END"""
OWN_SENDING = "EXISTS (SELECT FROM reports_schedule s WHERE s.id = reports_sending.schedule_id)"
OWN_PUBLICATION = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory_id = {TERRITORY}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND territory_id = coalesce({TERRITORY}, territory_id)
  ELSE false END"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_leaving")]

    operations = [
        protect("reports_export", OWN_EXPORT),
        protect("reports_schedule", OWN_SCHEDULE),
        protect("reports_sending", OWN_SENDING),
        protect("reports_publication", OWN_PUBLICATION),
        migrations.RunSQL(
            "CREATE POLICY everybody_reads ON reports_publication FOR SELECT USING (withdrawn_at IS NULL);",
            "DROP POLICY everybody_reads ON reports_publication;",
        ),
    ]
