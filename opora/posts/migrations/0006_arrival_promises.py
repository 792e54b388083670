"""Whose waiting envelopes are seen: those of the house whose post it is, not a clinic."""

from django.db import migrations

from opora.shared.row_security import owned, protect


class Migration(migrations.Migration):
    dependencies = [("posts", "0005_arrival"), ("organisations", "0002_row_security")]

    operations = [protect("posts_arrival", owned(by_clinic="false"))]
