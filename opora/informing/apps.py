from django.apps import AppConfig


class InformingConfig(AppConfig):
    name = "opora.informing"
    verbose_name = "Информирование"
