from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "opora.reports"
    verbose_name = "Отчёты"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.deadlines import packs as deadlines
        from opora.reports import definitions
        from opora.shared.navigation import Item, register

        deadlines.register("report", definitions.ReportPack, definitions.check)
        post_migrate.connect(definitions.load_shipped_packs, sender=self, dispatch_uid="reports.load_shipped_packs")
        register(
            Item(
                "Отчёты",
                "reports:list",
                "report",
                Right.REPORTS_VIEW,
                key="G 4",
                order=58,
                section="Работа центра",
                active=("reports:",),
            )
        )
