from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "opora.exchange"
    verbose_name = "Обмен"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Обмен",
                "exchange:list",
                "file-spreadsheet",
                Right.EXCHANGE_VIEW,
                key="G F",
                order=65,
                section="Управление",
                active=("exchange:",),
            )
        )
