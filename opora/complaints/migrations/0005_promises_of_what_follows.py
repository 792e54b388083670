"""A reminder is seen with its request: by the clinic it goes to and by whoever sees the case."""

from django.db import migrations

from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_what_follows")]

    operations = [
        protect(
            "complaints_reminder",
            "EXISTS (SELECT 1 FROM complaints_recordsrequest r WHERE r.id = complaints_reminder.request_id)",
        ),
    ]
