from django.db import migrations, models

from opora.classifiers.words import Origin


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_leaving_promises")]

    operations = [
        migrations.AddField(
            model_name="export",
            name="filters",
            field=models.JSONField(blank=True, default=dict, verbose_name="отборы"),
        ),
        migrations.AddField(
            model_name="reasonfact",
            name="origin",
            field=models.CharField(
                blank=True, choices=Origin.choices, default="", max_length=20, verbose_name="источник"
            ),
        ),
    ]
