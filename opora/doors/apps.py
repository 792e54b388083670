from typing import Any

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "opora.doors"
    verbose_name = "Двери"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import channels
        from opora.appeals.events import chained, taken_in
        from opora.appeals.sweeping import held_by
        from opora.channels.events import receipts_came
        from opora.classifiers.words import Channel
        from opora.doors import carrier, matters, queries
        from opora.insured import panels
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        receipts_came.connect(_tell, dispatch_uid="doors.receipts")
        taken_in.connect(_follow, dispatch_uid="doors.intake")
        chained.connect(_hear, dispatch_uid="doors.answers")
        for channel in (Channel.EMAIL, Channel.MESSENGER):
            channels.carry(channel, carrier.Carrier(channel))
        held_by("doors.MessageFile", "sha256")
        attention.register(Right.DOORS_ANSWER, matters.waiting_long, order=25)
        attention.register(Right.DOORS_FLOOD, matters.flooded, order=24)
        panels.register(
            panels.Panel(
                slug="doors",
                title="Письма и сообщения",
                right=Right.DOORS_VIEW,
                order=60,
                query=queries.person_panel,
                template="doors/person_panel.html",
                icon="messages",
                lazy=True,
                budget=1,
            )
        )
        register(
            Item(
                "Входящие",
                "doors:list",
                "messages",
                Right.DOORS_VIEW,
                key="G 5",
                order=12,
                section="Приём",
                active=("doors:",),
            )
        )


def _tell(receipts: list[Any], **_: Any) -> None:
    """What a provider said of answers of ours."""
    from opora.doors import services

    for receipt in receipts:
        if receipt.reference is not None:
            services.delivered(receipt.reference, receipt.state, at=receipt.at, code=receipt.code)


def _hear(events: Any, **_: Any) -> None:
    """Answers were sent from cards; some citizens came by a door of ours."""
    from opora.doors import services

    services.hear(events)


def _follow(draft: Any, by: Any, **_: Any) -> None:
    """A draft of intake was registered; perhaps it began with a letter."""
    from opora.doors import services

    services.follow_intake(draft, by)
