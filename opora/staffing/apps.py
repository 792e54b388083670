from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "opora.staffing"
    verbose_name = "Смены"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.organisations import capacity
        from opora.shared.navigation import Item, register
        from opora.staffing import queries

        capacity.know_shifts(queries.on_shift)
        capacity.know_usual(queries.usual)
        register(
            Item(
                "Смены",
                "staffing:week",
                "calendar",
                Right.STAFFING_VIEW,
                key="G 7",
                order=57,
                section="Работа центра",
                active=("staffing:",),
            )
        )
