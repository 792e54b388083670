from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "opora.feedback"
    verbose_name = "Госуслуги"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import beside, channels
        from opora.appeals.events import chained
        from opora.classifiers.words import Channel
        from opora.doors import making
        from opora.doors.words import Kind
        from opora.feedback import carrier, queries
        from opora.feedback.services import registering, taking_up
        from opora.shared.navigation import Item, register

        making.register(Kind.GOSUSLUGI, registering.make)
        channels.carry(Channel.FEEDBACK, carrier)
        chained.connect(taking_up.hear, dispatch_uid="feedback.take_up")
        beside.register(Right.FEEDBACK_VIEW, queries.link_of_appeal)
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
