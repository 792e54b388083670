from django.apps import AppConfig


class ClassifiersConfig(AppConfig):
    name = "opora.classifiers"
    verbose_name = "Классификаторы"
