from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "opora.partners"
    verbose_name = "Внешние системы"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Внешние системы",
                "partners:list",
                "arrows-exchange",
                Right.PARTNERS_EDIT,
                key="G X",
                order=95,
                section="Управление",
                active=("partners:",),
            )
        )
