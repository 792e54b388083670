"""A route may lead to a clinic or to an authority, by letter. Routes that are there stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0026_answers_not_delivered")]

    operations = [
        migrations.AlterField(
            model_name="route",
            name="send_to",
            field=models.CharField(
                choices=[
                    ("stay", "ответить самим по карточке"),
                    ("up", "на следующий уровень"),
                    ("expert", "эксперту 3-го уровня"),
                    ("insurer", "в страховую человека"),
                    ("fund", "в фонд территории"),
                    ("elsewhere", "в фонд другого региона письмом"),
                    ("provider", "в клинику письмом"),
                    ("authority", "в орган власти региона письмом"),
                ],
                max_length=10,
                verbose_name="куда",
            ),
        ),
    ]
