"""The papers of a house are seen by it alone: the fund of the territory does not read them by any way."""

from django.db import migrations

from opora.organisations.security import narrow

OWNED = ("numbering", "incoming", "scan", "outgoing", "postlist", "paperevent")


class Migration(migrations.Migration):
    dependencies = [("mailroom", "0002_promises")]

    operations = [*narrow(f"mailroom_{table}" for table in OWNED)]
