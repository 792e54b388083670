"""What is written to a house is seen by it alone: the fund of the territory does not read it by any way."""

from django.db import migrations

from opora.organisations.security import narrow

OWNED = ("door", "thread", "message", "delivery", "greeted")


class Migration(migrations.Migration):
    dependencies = [("doors", "0002_promises")]

    operations = [*narrow(f"doors_{table}" for table in OWNED)]
