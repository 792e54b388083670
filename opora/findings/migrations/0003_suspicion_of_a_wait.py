from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0002_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="suspicion",
            field=models.CharField(max_length=16, null=True, verbose_name="подозрение"),
        ),
    ]
