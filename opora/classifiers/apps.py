from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClassifiersConfig(AppConfig):
    name = "opora.classifiers"
    verbose_name = "Классификаторы"

    def ready(self) -> None:
        from opora.classifiers.services import load_shipped_editions

        post_migrate.connect(load_shipped_editions, sender=self, dispatch_uid="classifiers.load_shipped_editions")
