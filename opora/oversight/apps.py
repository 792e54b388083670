from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "opora.oversight"
    verbose_name = "Надзор"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Журнал доступа",
                "oversight:log",
                "shield-check",
                Right.AUDIT_VIEW,
                key="G A",
                order=90,
                section="Управление",
            )
        )
