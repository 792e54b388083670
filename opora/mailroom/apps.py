from typing import Any

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "opora.mailroom"
    verbose_name = "Канцелярия"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals.events import chained, taken_in
        from opora.appeals.sweeping import held_by
        from opora.mailroom import matters
        from opora.mailroom.services.collecting import collect
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        chained.connect(collect, dispatch_uid="mailroom.collect")
        taken_in.connect(_follow, dispatch_uid="mailroom.intake")
        held_by("mailroom.Scan", "sha256")
        held_by("mailroom.Page", "picture")
        attention.register(Right.MAILROOM_WORK, matters.not_settled, order=27)
        register(
            Item(
                "Канцелярия",
                "mailroom:letters",
                "mail",
                Right.MAILROOM_VIEW,
                order=17,
                section="Приём",
                active=("mailroom:",),
            )
        )


def _follow(draft: Any, by: Any, **_: Any) -> None:
    """A draft of intake was registered; perhaps it began with a paper letter."""
    from opora.mailroom import services

    services.follow_intake(draft, by)
