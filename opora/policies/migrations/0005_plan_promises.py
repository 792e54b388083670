"""Whose plans of days and hours of the program are seen."""

from django.db import migrations

from opora.shared.row_security import owned, protect

OWNED = owned(by_clinic="false")


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_tomorrow_by_program"), ("organisations", "0002_row_security")]

    operations = [protect("policies_schedule", OWNED), protect("policies_dayplan", OWNED)]
