import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


def end(label: str) -> models.CharField:
    return models.CharField(
        db_collation="C",
        max_length=9,
        validators=[
            django.core.validators.RegexValidator(
                "^[0-9]{2,9}\\Z", "Добавочный — от двух до девяти цифр, например 201."
            )
        ],
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0013_rights_of_chat"),
        ("telephony", "0012_a_talk_is_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExtensionRange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pbx", models.CharField(max_length=40, verbose_name="АТС")),
                ("first", end("с")),
                ("last", end("по")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="чьи",
                    ),
                ),
            ],
            options={
                "verbose_name": "добавочные",
                "verbose_name_plural": "добавочные",
                "ordering": ["pbx", "first"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__regex", "^[0-9]{2,9}$"), ("last__regex", "^[0-9]{2,9}$")),
                        name="extensions_are_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="extensions_run_forward"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("last"),
                            django.db.models.functions.text.Length("first"),
                        ),
                        name="extensions_of_one_length",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("pbx", "="),
                            (django.db.models.functions.text.Length("first"), "="),
                            (
                                models.Func(
                                    django.db.models.functions.comparison.Cast("first", models.BigIntegerField()),
                                    django.db.models.functions.comparison.Cast("last", models.BigIntegerField()),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="extensions_never_overlap",
                    ),
                ],
            },
        ),
    ]
