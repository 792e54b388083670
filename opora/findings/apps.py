from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "opora.findings"
    verbose_name = "Системные нарушения"
