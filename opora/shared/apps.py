from django.apps import AppConfig
from django.db.models import fields
from django.forms import Field


class SharedConfig(AppConfig):
    name = "opora.shared"

    def ready(self) -> None:
        # Django says «Обязательное поле.» everywhere; ours is a request, not a label.
        Field.default_error_messages["required"] = "Заполните это поле."
        fields.BLANK_CHOICE_LABEL = "Выберите"
