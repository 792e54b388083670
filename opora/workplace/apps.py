from django.apps import AppConfig


class WorkplaceConfig(AppConfig):
    name = "opora.workplace"
    verbose_name = "Рабочий стол"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.shared.navigation import Item, register

        register(Item("Стол", "workplace:desk", "layout-dashboard", Right.WORKPLACE_VIEW, key="G H", order=0))
