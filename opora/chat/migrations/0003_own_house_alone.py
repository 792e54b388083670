"""What is said in a chat is seen by its house alone: the fund of the territory does not read it by any way."""

from django.db import migrations

from opora.organisations.security import narrow

OWNED = ("place", "talk", "line")


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_promises")]

    operations = [*narrow(f"chat_{table}" for table in OWNED)]
