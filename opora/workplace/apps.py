from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "opora.workplace"
    verbose_name = "Рабочий стол"
