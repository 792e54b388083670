from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_promises_of_counters")]

    operations = [
        migrations.AddField(
            model_name="violation",
            name="lifted_by",
            field=models.CharField(
                blank=True,
                choices=[("insurer", "снято по разногласиям"), ("fund", "снято фондом")],
                db_default="",
                default="",
                max_length=8,
                verbose_name="кем снято",
            ),
        ),
    ]
