from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeadlinesConfig(AppConfig):
    name = "opora.deadlines"
    verbose_name = "Сроки"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.deadlines.services import load_shipped_packs
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Сроки",
                "deadlines:waiting",
                "calendar",
                Right.DEADLINES_VIEW,
                key="G T",
                order=70,
                section="Справочники",
                active=("deadlines:", "insured:eligibility"),
            )
        )
        post_migrate.connect(load_shipped_packs, sender=self, dispatch_uid="deadlines.load_shipped_packs")
