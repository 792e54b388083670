from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClassifiersConfig(AppConfig):
    name = "opora.classifiers"
    verbose_name = "Классификаторы"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.classifiers.services import load_shipped_editions
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Классификаторы",
                "classifiers:tree",
                "list-check",
                Right.CLASSIFIERS_VIEW,
                key="G L",
                order=75,
                section="Справочники",
                active=("classifiers:",),
            )
        )
        post_migrate.connect(load_shipped_editions, sender=self, dispatch_uid="classifiers.load_shipped_editions")
