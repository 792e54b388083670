from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "opora.appeals"
    verbose_name = "Журнал обращений"
