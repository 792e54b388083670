from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KnowledgeConfig(AppConfig):
    name = "opora.knowledge"
    verbose_name = "Ответы и шаблоны"

    def ready(self) -> None:
        from opora.knowledge.shipping import load_shipped_cards

        post_migrate.connect(load_shipped_cards, sender=self, dispatch_uid="knowledge.load_shipped_cards")
