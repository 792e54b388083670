from typing import Any

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "opora.chat"
    verbose_name = "Чат"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals.events import taken_in
        from opora.appeals.sweeping import held_by
        from opora.chat import matters
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        taken_in.connect(_follow, dispatch_uid="chat.intake")
        held_by("chat.LineFile", "sha256")
        attention.register(Right.CHAT_ANSWER, matters.waiting_long, order=24)
        attention.register(Right.CHAT_ANSWER, matters.unanswered, order=24)
        register(
            Item(
                "Чат",
                "chat:desk",
                "message",
                Right.CHAT_ANSWER,
                key="G 9",
                order=13,
                section="Приём",
                active=(
                    "chat:past",
                    "chat:running",
                    "chat:talk",
                    "chat:handing",
                    "chat:closing",
                    "chat:callback",
                    "chat:dropping",
                ),
            ),
            Item(
                "Настройки чата",
                "chat:places",
                "message",
                Right.CHAT_EDIT,
                order=97,
                section="Управление",
                active=("chat:place", "chat:place-new"),
                short="Чаты",
            ),
        )


def _follow(draft: Any, by: Any, **_: Any) -> None:
    """A draft of intake was registered; perhaps it began with a talk."""
    from opora.chat import services

    services.follow_intake(draft, by)
