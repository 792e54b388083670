"""What changed under a seal is named by the key of its fact, and that of an answer of a survey is longer than 64."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0014_insured_counts")]

    operations = [migrations.AlterField("change", "key", models.CharField(max_length=120))]
