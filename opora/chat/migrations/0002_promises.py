"""What the database keeps by itself: what is said to one house is seen by that house."""

from django.db import migrations

from opora.shared.row_security import protect

FILE = "EXISTS (SELECT 1 FROM chat_line l WHERE l.id = chat_linefile.line_id)"  # its own policy


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        *[protect(f"chat_{table}", "organisations_sees(organisation_id)") for table in ("place", "talk", "line")],
        protect("chat_linefile", FILE),
    ]
