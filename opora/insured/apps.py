from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InsuredConfig(AppConfig):
    name = "opora.insured"
    verbose_name = "Регистр застрахованных"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.deadlines import packs, tabs
        from opora.deadlines.events import pack_loaded
        from opora.insured import matters, panels
        from opora.insured.eligibility import current, differences, page
        from opora.insured.eligibility import packs as rules
        from opora.shared import attention
        from opora.shared.navigation import Item, Search, register, register_search

        register(
            Item(
                "Застрахованные",
                "insured:search",
                "users",
                Right.INSURED_SEARCH,
                key="G P",
                order=8,
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
                order=9,
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
        tabs.register("insured:eligibility", "Кто подлежит осмотрам")
        panels.register(
            panels.Panel(
                slug="eligibility",
                title="Осмотры в этом году",
                right=Right.INSURED_VIEW,
                query=page.person_panel,
                template="insured/eligibility/panel.html",
                order=5,
                icon="stethoscope",
                budget=4,  # two when this process has read the rules already
            )
        )
        packs.register(rules.KIND, rules.EligibilityPack, rules.check)
        pack_loaded.connect(current.forget, dispatch_uid="insured.forget_rules")
        pack_loaded.connect(differences.on_pack_loaded, dispatch_uid="insured.eligibility")
        post_migrate.connect(rules.load_shipped_packs, sender=self, dispatch_uid="insured.load_shipped_packs")
        register_search(Search("insured:search", "Фамилия, дата рождения, ЕНП, телефон", Right.INSURED_SEARCH))
        attention.register(Right.INSURED_MATCH, matters.rows_to_match, order=40)
        attention.register(Right.INSURED_IMPORT, matters.loads, order=50)
