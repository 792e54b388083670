import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0013_rights_of_chat"),
        ("telephony", "0008_agreements_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="week",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                size=None,
                verbose_name="свои часы",
            ),
        ),
        migrations.CreateModel(
            name="LineDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="день")),
                ("hours", models.CharField(max_length=200, verbose_name="часы")),
                ("why", models.CharField(blank=True, default="", max_length=200, verbose_name="почему")),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="telephony.line",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "особый день линии",
                "verbose_name_plural": "особые дни линий",
                "ordering": ["day"],
            },
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(condition=models.Q(("week__len__in", (0, 7))), name="line_week_is_whole"),
        ),
        migrations.AddConstraint(
            model_name="lineday",
            constraint=models.UniqueConstraint(fields=("line", "day"), name="line_day_once"),
        ),
    ]
