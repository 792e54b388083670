from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0004_kinds_of_delivery_and_survey"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pack",
            name="kind",
            field=models.CharField(
                choices=[
                    ("calendar", "производственный календарь"),
                    ("region", "нерабочие дни региона"),
                    ("law", "сроки по закону"),
                    ("waiting", "предельные сроки ожидания"),
                    ("eligibility", "кто подлежит осмотрам"),
                    ("control", "какая проверка нужна по жалобе"),
                    ("violations", "нарушения и доли неоплаты"),
                    ("delivery", "доставка полисов"),
                    ("survey", "готовый опрос"),
                    ("report", "форма отчёта"),
                ],
                max_length=20,
                verbose_name="вид",
            ),
        ),
    ]
