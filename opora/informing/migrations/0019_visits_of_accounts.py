"""A visit may have a first day and be taken back by a correction; a fact of nobody we know waits as a line of its list."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("informing", "0018_promises_of_public"),
        ("insured", "0011_fold_by_the_day_of_the_territory"),
        ("organisations", "0016_rights_of_registers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="began_on",
            field=models.DateField(null=True, verbose_name="когда начал"),
        ),
        migrations.AddField(
            model_name="entry",
            name="result",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="результат"),
        ),
        migrations.AddField(
            model_name="entry",
            name="told",
            field=models.CharField(
                choices=[("listed", "Пригласить"), ("visit", "Посещение"), ("refusal", "Отказ")],
                db_default="listed",
                default="listed",
                max_length=8,
                verbose_name="о чём",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="told_on",
            field=models.DateField(null=True, verbose_name="когда пришёл или отказался"),
        ),
        migrations.AddField(
            model_name="visit",
            name="began_on",
            field=models.DateField(null=True, verbose_name="когда начал"),
        ),
        migrations.AddField(
            model_name="visit",
            name="corrected_by",
            field=models.BigIntegerField(null=True, verbose_name="каким списком исправлено"),
        ),
        migrations.AlterField(
            model_name="entry",
            name="state",
            field=models.CharField(
                choices=[
                    ("matched", "Человек найден"),
                    ("unmatched", "Не найден"),
                    ("ambiguous", "Подходят несколько"),
                    ("dismissed", "Отклонена"),
                    ("noted", "Записано"),
                ],
                max_length=12,
                verbose_name="состояние",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("told", "listed"), ("told_on__isnull", False), _connector="OR"),
                name="entry_fact_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("began_on", None), ("began_on__lte", models.F("on")), _connector="OR"),
                name="visit_begins_first",
            ),
        ),
    ]
