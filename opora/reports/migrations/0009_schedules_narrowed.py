from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_origin_of_reasons")]

    operations = [
        migrations.AddField(
            model_name="schedule",
            name="filters",
            field=models.JSONField(blank=True, default=dict, verbose_name="отборы"),
        ),
    ]
