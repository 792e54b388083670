"""Answers sent from the card: interim ones go too, and a program of a partner may be who sent them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="errand",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="errand",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answer", "Ответ"),
                    ("interim", "Промежуточный ответ"),
                    ("extension", "Продление"),
                    ("redirection", "Перенаправление"),
                ],
                max_length=12,
                verbose_name="что",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Поступило с Госуслуг"),
                    ("assigned", "Распределено"),
                    ("taken", "Взято в работу"),
                    ("prepared", "Ответ подготовлен"),
                    ("returned", "Возвращено на доработку"),
                    ("approved", "Ответ утверждён"),
                    ("from_card", "Отправлено с карточки обращения"),
                    ("interim_given", "Промежуточный ответ передан на Госуслуги"),
                    ("given", "Ответ передан на Госуслуги"),
                    ("not_given", "Не передано на Госуслуги"),
                    ("again", "Отправляем ещё раз"),
                    ("published", "Ответ опубликован в кабинете"),
                    ("refused", "Госуслуги не приняли"),
                    ("extension_asked", "Запрошено продление"),
                    ("extended", "Срок продлён"),
                    ("redirection_asked", "Запрошено перенаправление"),
                    ("redirected", "Перенаправлено"),
                    ("rated", "Гражданин оценил ответ"),
                    ("reopened", "Гражданин не согласен с ответом"),
                ],
                max_length=18,
                verbose_name="что",
            ),
        ),
    ]
