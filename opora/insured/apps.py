from django.apps import AppConfig


class InsuredConfig(AppConfig):
    name = "opora.insured"
    verbose_name = "Регистр застрахованных"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.shared.navigation import Item, Search, register, register_search

        register(
            Item(
                "Застрахованные",
                "insured:search",
                "users",
                Right.INSURED_SEARCH,
                key="G P",
                order=20,
                active=("insured:",),
                short="Люди",
            )
        )
        register_search(Search("insured:search", "Фамилия, дата рождения, ЕНП, телефон", Right.INSURED_SEARCH))
