from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0003_own_house_alone"),
    ]

    operations = [
        migrations.AlterField(
            model_name="talk",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("consulted", "Дали консультацию"),
                    ("callback", "Обещали перезвонить"),
                    ("intake", "Зарегистрировали обращение"),
                    ("nothing", "Обращения нет"),
                    ("silent", "Гражданин молчит"),
                ],
                default="",
                max_length=9,
                verbose_name="чем закончился",
            ),
        ),
    ]
