from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "opora.surveys"
    verbose_name = "Опросы"
