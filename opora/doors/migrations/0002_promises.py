"""What the database keeps by itself: what is written to one house is seen by that house."""

from django.db import migrations

from opora.shared.row_security import protect

MESSAGE = "EXISTS (SELECT 1 FROM doors_message w WHERE w.id = doors_messagefile.message_id)"  # its own policy
OWNED = ("door", "thread", "message", "delivery", "greeted")


class Migration(migrations.Migration):
    dependencies = [("doors", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        *[protect(f"doors_{table}", "organisations_sees(organisation_id)") for table in OWNED],
        protect("doors_messagefile", MESSAGE),
    ]
