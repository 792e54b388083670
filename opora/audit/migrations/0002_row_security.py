"""Months of the log, and who may read its lines. Anyone may add a line; nobody may change one (triggers of 0001)."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from opora.shared.partitions import add_months
from opora.shared.row_security import SEES, protect, setting


def months(apps: Any, schema_editor: Any) -> None:
    add_months("audit_auditline", timezone.now().date())


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(months, migrations.RunPython.noop),
        protect(
            "audit_auditline",
            f"""CASE {SEES}
                  WHEN 'all' THEN true
                  WHEN 'territory' THEN territory = {setting("territory")}
                  ELSE organisation_id = {setting("organisation", "bigint")}
                END""",
            insert="true",
        ),
    ]
