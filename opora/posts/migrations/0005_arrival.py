import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("posts", "0004_memo_promises"),
        ("organisations", "0012_rights_of_doors"),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="received_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="дошла"),
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False)),
                ("territory", models.CharField(max_length=5)),
                ("purpose", models.CharField(blank=True, default="", max_length=16)),
                ("device_now", models.DateTimeField(verbose_name="по часам планшета")),
                ("arrived_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="дошёл")),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="не раньше")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("seal", models.UUIDField()),
                ("point", models.BinaryField()),
                ("nonce", models.BinaryField()),
                ("text", models.BinaryField()),
                (
                    "assignment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.assignment",
                    ),
                ),
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
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="organisations.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "конверт, который ждёт",
                "verbose_name_plural": "конверты, которые ждут",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["territory", "insurer", "arrived_at"], name="arrival_of_house"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "territory", "insurer"), name="arrival_comes_once", nulls_distinct=False
                    ),
                ],
            },
        ),
    ]
