"""Sums of people told in a year, under row security of an insurer's months."""

import django.db.models.deletion
from django.db import migrations, models

from opora.shared.row_security import SEES, protect, setting

SEEN = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND territory = coalesce({setting("territory")}, territory)
  ELSE false END"""


class Migration(migrations.Migration):
    dependencies = [
        ("informing", "0012_letters_security"),
        ("organisations", "0008_channels_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="год")),
                ("month", models.PositiveSmallIntegerField(verbose_name="месяц")),
                ("territory", models.CharField(max_length=5, verbose_name="территория")),
                ("stream", models.CharField(max_length=12, verbose_name="поток")),
                ("informed", models.PositiveIntegerField(verbose_name="известили впервые в году")),
                ("repeated", models.PositiveIntegerField(verbose_name="известили ещё раз впервые в году")),
                ("contacts", models.PositiveIntegerField(verbose_name="контактов")),
                (
                    "insurer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "известили людей",
                "verbose_name_plural": "известили людей",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "year", "insurer", "stream", "month"),
                        name="told_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        protect("informing_toldcount", SEEN),
    ]
