from django.apps import AppConfig
from django.db.models.signals import post_migrate

PAGES = (
    "new",
    "campaign",
    "draft",
    "touches",
    "all-touches",
    "excluded",
    "lines",
    "people",
    "rolls",
    "roll",
    "to-settle",
    "entry",
    "plan",
    "quality",
    "unreached",
    "texts",
    "text-new",
    "text",
)

LETTER_PAGES = ("new", "run", "items", "returns")


class InformingConfig(AppConfig):
    name = "opora.informing"
    verbose_name = "Информирование"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.channels.events import receipts_came
        from opora.informing import callbacks, exporting, known, person
        from opora.informing.dispatch.batches import fold_brought
        from opora.informing.monthly import queries as monthly
        from opora.informing.observing import panel as observation_panel
        from opora.informing.shipping import load_shipped_texts
        from opora.informing.views import observation
        from opora.insured import panels
        from opora.organisations import capacity
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Информирование",
                "informing:list",
                "send",
                Right.INFORMING_VIEW,
                key="G B",
                order=40,
                section="Связь с людьми",
                active=tuple(f"informing:{name}" for name in PAGES),
                short="Кампании",
            ),
            Item(
                "Обзвон",
                "informing:calls",
                "phone",
                Right.INFORMING_CALL,
                key="G C",
                order=41,
                section="Связь с людьми",
                active=("informing:call-result", "informing:call-next"),
            ),
            Item(
                "Письма",
                "informing:letters",
                "mail",
                Right.INFORMING_VIEW,
                key="G Y",
                order=43,
                section="Связь с людьми",
                active=tuple(f"informing:letter-{name}" for name in LETTER_PAGES),
            ),
            Item(
                "Публично",
                "informing:public",
                "speakerphone",
                Right.INFORMING_PUBLIC,
                order=44,
                section="Связь с людьми",
                active=tuple(f"informing:public-{name}" for name in ("new", "row", "correct", "withdraw")),
            ),
        )
        register(
            Item(
                "Наблюдение",
                "informing:observation",
                "stethoscope",
                Right.INFORMING_HEALTH,
                key="G D",
                order=42,
                section="Связь с людьми",
                active=("informing:gap",),
            )
        )
        panels.register(
            panels.Panel(
                slug="informing",
                title="Что мы сообщали",
                right=Right.INFORMING_VIEW,
                order=30,
                query=person.history,
                template="informing/person_panel.html",
                icon="send",
                lazy=True,
                budget=3,
            )
        )
        panels.register(
            panels.Panel(
                slug="observation",
                title="Диспансерное наблюдение",
                right=Right.INFORMING_HEALTH,
                order=31,
                query=observation_panel.observation,
                template="informing/observation_panel.html",
                icon="stethoscope",
                lazy=True,
                budget=observation_panel.BUDGET,
            )
        )
        exporting.register(
            exporting.Kind("observation", "Диспансерное наблюдение", Right.INFORMING_HEALTH, observation.rows)
        )
        exporting.register(exporting.Kind("monthly", "Информирование по месяцам", Right.INFORMING_VIEW, monthly.cells))
        capacity.expect(callbacks.expected)
        known.tell()
        receipts_came.connect(fold_brought, dispatch_uid="informing.fold_brought")
        post_migrate.connect(load_shipped_texts, sender=self, dispatch_uid="informing.load_shipped_texts")
