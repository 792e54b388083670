from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "opora.findings"
    verbose_name = "Системные нарушения"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.complaints import beside
        from opora.findings import matters, queries
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        beside.register(Right.FINDINGS_VIEW, queries.link_of_clinic)
        attention.register(Right.FINDINGS_DECIDE, matters.unseen_alarms, order=30)
        attention.register(Right.COMPLAINTS_ANSWER, matters.letters_to_answer, order=30)
        register(
            Item(
                "Нарушения",
                "findings:alarms",
                "chart-bar",
                Right.FINDINGS_VIEW,
                key="G 3",
                order=53,
                section="Права граждан",
                active=(
                    "findings:radar",
                    "findings:rows",
                    "findings:list",
                    "findings:finding",
                    "findings:new",
                    "findings:act",
                ),
            ),
            Item(
                "Письма о нарушениях",
                "findings:letters",
                "mail",
                Right.COMPLAINTS_ANSWER,
                order=7,
                active=("findings:clinic-letter",),
                short="Письма",
            ),
        )
