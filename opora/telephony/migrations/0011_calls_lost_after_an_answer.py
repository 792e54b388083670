from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0010_hours_promises")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="is_lost",
            field=models.BooleanField(default=False, verbose_name="после ответа остался один"),
        ),
    ]
