from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "opora.doors"
    verbose_name = "Двери"
