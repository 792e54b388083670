"""How many people were insured on a day, counted at night: a fund reads its territory, an insurer its own."""

from importlib import import_module

from django.db import migrations, models


promises = import_module("opora.reports.migrations.0002_promises")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0013_who_sued_and_paid"),
    ]

    operations = [
        migrations.CreateModel(
            name="InsuredCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("territory", models.CharField(max_length=5, verbose_name="территория")),
                ("insurer_id", models.BigIntegerField(default=0, verbose_name="страховая")),
                ("day", models.DateField(verbose_name="на какой день")),
                ("people", models.PositiveIntegerField(verbose_name="человек")),
                ("counted_at", models.DateTimeField(verbose_name="сосчитано")),
            ],
            options={
                "verbose_name": "число застрахованных",
                "verbose_name_plural": "числа застрахованных",
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "insurer_id", "day"), name="insured_count_once")
                ],
            },
        ),
        promises.read_by("insuredcount", promises.owned("insurer_id")),
    ]
