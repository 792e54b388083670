"""Counts of answers, made once when a round ends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_promises")]

    operations = [
        migrations.AddField("round", "tally", models.JSONField("посчитано", default=dict, blank=True)),
    ]
