from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "opora.feedback"
    verbose_name = "Госуслуги"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.doors import making
        from opora.doors.words import Kind
        from opora.feedback.services import registering
        from opora.shared.navigation import Item, register

        making.register(Kind.GOSUSLUGI, registering.make)
        register(
            Item(
                "Госуслуги",
                "feedback:list",
                "inbox",
                Right.FEEDBACK_VIEW,
                key="G 0",
                order=16,
                section="Приём",
                active=("feedback:",),
            )
        )
