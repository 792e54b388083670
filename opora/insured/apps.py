from django.apps import AppConfig


class InsuredConfig(AppConfig):
    name = "opora.insured"
    verbose_name = "Регистр застрахованных"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.insured import matters
        from opora.shared import attention
        from opora.shared.navigation import Item, Search, register, register_search

        register(
            Item(
                "Застрахованные",
                "insured:search",
                "users",
                Right.INSURED_SEARCH,
                key="G P",
                order=20,
                active=("insured:card", "insured:new", "insured:history", "insured:row", "insured:row-new"),
                short="Люди",
            )
        )
        register(
            Item(
                "Совпадения",
                "insured:matches",
                "arrows-exchange",
                Right.INSURED_MATCH,
                key="G M",
                order=25,
            )
        )
        register(
            Item(
                "Загрузки",
                "insured:imports",
                "file-import",
                Right.INSURED_IMPORT,
                key="G I",
                order=70,
                section="Управление",
                active=("insured:import", "insured:import-new"),
            )
        )
        register_search(Search("insured:search", "Фамилия, дата рождения, ЕНП, телефон", Right.INSURED_SEARCH))
        attention.register(Right.INSURED_MATCH, matters.rows_to_match, order=40)
        attention.register(Right.INSURED_IMPORT, matters.loads, order=50)
