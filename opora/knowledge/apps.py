from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KnowledgeConfig(AppConfig):
    name = "opora.knowledge"
    verbose_name = "Ответы и шаблоны"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.knowledge import matters
        from opora.knowledge.shipping import load_shipped_cards
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Ответы",
                "knowledge:list",
                "book-2",
                Right.KNOWLEDGE_VIEW,
                key="G Q",
                order=10,
                active=("knowledge:",),
            )
        )
        attention.register(Right.KNOWLEDGE_APPROVE, matters.to_approve, order=60)
        attention.register(Right.KNOWLEDGE_EDIT, matters.hidden_or_old, order=70)
        post_migrate.connect(load_shipped_cards, sender=self, dispatch_uid="knowledge.load_shipped_cards")
