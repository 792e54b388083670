from django.apps import AppConfig
from django.db.models.signals import post_migrate

PAGES = ("round", "new", "draft", "surveys", "survey", "survey-new", "results", "paper", "entry", "size", "post-open")


class SurveysConfig(AppConfig):
    name = "opora.surveys"
    verbose_name = "Опросы"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import beside as appeals
        from opora.channels.events import receipts_came
        from opora.deadlines import packs as shapes
        from opora.deadlines.events import pack_loaded
        from opora.posts import beside
        from opora.shared import attention
        from opora.shared.navigation import Item, register
        from opora.surveys import beside as talks
        from opora.surveys import matters, packs, queries, receipts

        shapes.register(packs.KIND, packs.SurveyPack, packs.check_survey)
        pack_loaded.connect(packs.take_pack, dispatch_uid="surveys.take_pack")
        post_migrate.connect(packs.load_shipped_packs, sender=self, dispatch_uid="surveys.load_shipped_packs")
        beside.register(Right.SURVEYS_INTERVIEW, queries.paper_rounds)
        appeals.register(Right.APPEALS_REGISTER, talks.question_after_talk)
        attention.register(Right.SURVEYS_PLAN, matters.rounds_to_close, order=70)
        receipts_came.connect(receipts.told, dispatch_uid="surveys.receipts")
        register(
            Item(
                "Опросы",
                "surveys:list",
                "chart-bar",
                Right.SURVEYS_VIEW,
                key="G 1",
                order=45,
                section="Связь с людьми",
                active=(*(f"surveys:{name}" for name in PAGES), "surveys:calls"),
            )
        )
