"""Lists of a branch: the territory stands in the indexes of its insurer, so that others' rows cost no visit to the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0014_intake_time_of_the_insurer"),
        ("organisations", "0008_channels_rights"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="grant",
            name="grant_open_by_due",
        ),
        migrations.RemoveIndex(
            model_name="grant",
            name="grant_by_day",
        ),
        migrations.RemoveIndex(
            model_name="grant",
            name="grant_by_kind",
        ),
        migrations.RemoveIndex(
            model_name="grant",
            name="grant_by_topic",
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["organisation", "due_at", "appeal", "territory"],
                name="grant_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["organisation", "registered_at", "appeal", "territory"], name="grant_by_day"),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["organisation", "kind", "registered_at", "appeal", "territory"], name="grant_by_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["organisation", "topic_code", "registered_at", "appeal", "territory"], name="grant_by_topic"
            ),
        ),
    ]
