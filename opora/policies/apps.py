from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    name = "opora.policies"
    verbose_name = "Доставка полисов"

    def ready(self) -> None:
        from opora.deadlines import packs as shapes
        from opora.policies import packs

        shapes.register("delivery", packs.DeliveryPack, packs.check)
        post_migrate.connect(packs.load_shipped_packs, sender=self, dispatch_uid="policies.load_shipped_packs")
