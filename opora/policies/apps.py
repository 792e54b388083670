from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    name = "opora.policies"
    verbose_name = "Доставка полисов"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.appeals import beside as appeals
        from opora.appeals.sweeping import held_by
        from opora.channels.events import receipts_came
        from opora.deadlines import packs as shapes
        from opora.insured import panels
        from opora.policies import beside, matters, packs, queries, receipts
        from opora.shared import attention
        from opora.shared.navigation import Item, register

        shapes.register("delivery", packs.DeliveryPack, packs.check)
        post_migrate.connect(packs.load_shipped_packs, sender=self, dispatch_uid="policies.load_shipped_packs")
        appeals.register(Right.POLICIES_REQUEST, beside.delivery_of_appeal)
        receipts_came.connect(receipts.told, dispatch_uid="policies.receipts")
        held_by("policies.HandOver", "signature")
        attention.register(Right.POLICIES_REQUEST, matters.waiting_too_long, order=30)
        attention.register(Right.POLICIES_PLAN, matters.planned_by_program, order=32)
        panels.register(
            panels.Panel(
                slug="policies",
                title="Доставка полиса",
                right=Right.POLICIES_VIEW,
                order=45,
                query=queries.of_person,
                template="policies/person_panel.html",
                icon="home",
                lazy=True,
                budget=1,
            )
        )
        register(
            Item(
                "Доставка",
                "policies:list",
                "home",
                Right.POLICIES_VIEW,
                key="G 2",
                order=46,
                section="Связь с людьми",
                active=(
                    "policies:delivery",
                    "policies:act",
                    "policies:new",
                    "policies:ask",
                    "policies:plan",
                    "policies:couriers",
                    "policies:courier-settings",
                    "policies:figures",
                    "policies:rows",
                ),
            ),
            Item("Мой маршрут", "policies:courier", "map-pin", Right.POLICIES_DELIVER, order=4, short="Маршрут"),
        )
