"""People behind a number are read by their ids, a page at a time: contacts of one person lie together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0011_rounds_by_days_of_asking"), ("informing", "0013_told_counts")]

    operations = [
        migrations.RunSQL(
            'CREATE INDEX informed_of_person ON informing_informed (person_id, "on");',
            "DROP INDEX informed_of_person;",
        )
    ]
