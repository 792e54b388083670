from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0011_calls_lost_after_an_answer")]

    operations = [
        migrations.AlterField(
            model_name="command",
            name="act",
            field=models.CharField(
                choices=[
                    ("hold", "поставить на удержание"),
                    ("resume", "вернуться к разговору"),
                    ("transfer", "перевести"),
                    ("join", "соединить"),
                    ("back", "вернуться к гражданину"),
                    ("hangup", "положить трубку"),
                    ("keep", "вернуть разговор телефону"),
                    ("dial", "позвонить"),
                    ("state", "сменить состояние"),
                ],
                max_length=8,
                verbose_name="что сделать",
            ),
        ),
    ]
