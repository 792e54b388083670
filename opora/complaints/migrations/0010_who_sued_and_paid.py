"""Who filed a suit, who paid what was awarded, and what of it was for moral harm (form ПГ, tables 2 and 3)."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0009_what_stands_now"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="filer",
            field=models.CharField(
                blank=True,
                choices=[
                    ("insured", "Застрахованный"),
                    ("representative", "Его представитель"),
                    ("insurer", "Страховая"),
                    ("fund", "ТФОМС"),
                    ("prosecutor", "Прокуратура"),
                ],
                default="",
                max_length=14,
                verbose_name="кто подал",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="moral",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="из них убытки и моральный вред"
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="payer",
            field=models.CharField(
                blank=True,
                choices=[("provider", "Клиника"), ("insurer", "Страховая"), ("fund", "ТФОМС")],
                default="",
                max_length=8,
                verbose_name="кто возместил",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("moral", None), models.Q(("moral__gte", 0), ("moral__lte", models.F("awarded"))), _connector="OR"
                ),
                name="dispute_moral_within_awarded",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", ""), ("awarded__gt", 0), _connector="OR"), name="dispute_payer_paid"
            ),
        ),
    ]
