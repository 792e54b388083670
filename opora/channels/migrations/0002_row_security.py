"""A provider and what he said are seen by the organisation he works for, its head and the fund of its territory."""

from django.db import migrations

from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect(f"channels_{table}", "organisations_sees(organisation_id)")
        for table in ("provider", "receipt", "health", "given")
    ]
