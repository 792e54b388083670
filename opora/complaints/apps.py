from django.apps import AppConfig
from django.db.models.signals import post_migrate

RECOURSE = (
    "recourses",
    "new-recourse",
    "recourse",
    "recourse-correct",
    "recourse-outcome",
    "recourse-payment",
    "recourse-unpay",
    "recourse-withdraw",
)


class ComplaintsConfig(AppConfig):
    name = "opora.complaints"
    verbose_name = "Жалобы и контроль"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import beside
        from opora.appeals import judging as closing
        from opora.appeals.events import chained
        from opora.appeals.sweeping import held_by
        from opora.complaints import judging, matters, news, packs, queries
        from opora.deadlines import packs as shapes
        from opora.insured import panels
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        shapes.register("control", packs.ControlPack, packs.check_control)
        shapes.register("violations", packs.ViolationsPack, packs.check_violations)
        post_migrate.connect(packs.load_shipped_packs, sender=self, dispatch_uid="complaints.load_shipped_packs")
        chained.connect(news.follow, dispatch_uid="complaints.follow")
        beside.register(Right.COMPLAINTS_VIEW, queries.link_of_appeal)
        closing.by(judging.judged)
        held_by("complaints.Paper", "sha256")
        attention.register(Right.COMPLAINTS_HANDLE, matters.overdue, order=20)
        attention.register(Right.COMPLAINTS_ANSWER, matters.asked_of_clinic, order=20)
        attention.register(Right.COMPLAINTS_CLAIMS, matters.claims_to_decide, order=25)
        panels.register(
            panels.Panel(
                slug="complaints",
                title="Жалобы и экспертизы",
                right=Right.COMPLAINTS_VIEW,
                order=35,
                query=queries.of_person,
                template="complaints/person_panel.html",
                icon="scale",
                lazy=True,
                budget=6,
            )
        )
        register(
            Item(
                "Жалобы",
                "complaints:board",
                "scale",
                Right.COMPLAINTS_VIEW,
                key="G W",
                order=50,
                section="Права граждан",
                active=(
                    "complaints:case",
                    "complaints:act",
                    "complaints:clinic",
                    "complaints:clinic-rows",
                    "complaints:objections",
                    "complaints:experts",
                    *(f"complaints:{name}" for name in RECOURSE),
                ),
            ),
            Item(
                "Запросы и акты",
                "complaints:inbox",
                "file-text",
                Right.COMPLAINTS_ANSWER,
                key="G N",
                order=7,
                active=("complaints:request", "complaints:clinic-act"),
                short="Запросы",
            ),
            Item(
                "Претензии",
                "complaints:claims",
                "arrows-exchange",
                Right.COMPLAINTS_CLAIMS,
                key="G Z",
                order=52,
                section="Права граждан",
                active=("complaints:claim",),
            ),
        )
