"""Who sued and who paid; disputes that stand already had no part for moral harm.

Their triggers are silent meanwhile: no sealed report has counted by it, so nothing under a seal has changed.
"""

from django.db import migrations, models


FILL = """
SELECT set_config('opora.sees', 'all', true);
ALTER TABLE reports_disputefact DISABLE TRIGGER USER;
UPDATE reports_disputefact SET material = awarded;
ALTER TABLE reports_disputefact ENABLE TRIGGER USER;
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0012_contacts_of_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="disputefact",
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
            model_name="disputefact",
            name="material",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="из них потраченное"),
        ),
        migrations.AddField(
            model_name="disputefact",
            name="moral",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=14, verbose_name="из них убытки и моральный вред"
            ),
        ),
        migrations.AddField(
            model_name="disputefact",
            name="payer",
            field=models.CharField(
                blank=True,
                choices=[("provider", "Клиника"), ("insurer", "Страховая"), ("fund", "ТФОМС")],
                default="",
                max_length=8,
                verbose_name="кто возместил",
            ),
        ),
        migrations.AddField(
            model_name="reasonfact",
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
                verbose_name="кто подал иск",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
