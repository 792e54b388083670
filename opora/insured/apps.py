from django.apps import AppConfig


class InsuredConfig(AppConfig):
    name = "opora.insured"
    verbose_name = "Регистр застрахованных"
