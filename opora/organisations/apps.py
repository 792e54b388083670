from django.apps import AppConfig

from opora.access.rights import Right
from opora.shared import attention, refusals
from opora.shared.navigation import Item, register


class OrganisationsConfig(AppConfig):
    name = "opora.organisations"
    verbose_name = "Организации и сотрудники"

    def ready(self) -> None:
        from opora.organisations import matters
        from opora.organisations.help import who_can_help

        register(
            Item(
                "Организации",
                "organisations:list",
                "building-hospital",
                Right.ORGANISATIONS_VIEW,
                key="G O",
                order=69,
                section="Справочники",
                short="Места",
                active=tuple(f"organisations:{name}" for name in ("card", "sites", "posts", "new", "change", "hours")),
            ),
            Item(
                "Сотрудники",
                "organisations:employees",
                "id-badge-2",
                Right.EMPLOYEES_VIEW,
                key="G E",
                order=60,
                section="Управление",
                active=("organisations:employee", "organisations:new_employee", "organisations:change_employee"),
            ),
            Item(
                "Роли и права",
                "organisations:roles",
                "key",
                Right.ROLES_VIEW,
                key="G R",
                order=65,
                section="Управление",
            ),
        )
        refusals.helpers.append(who_can_help)
        attention.register(Right.EMPLOYEES_EDIT, matters.locked_out, order=10)
        attention.register(None, matters.own_assignment_ends, order=20)
        attention.register(Right.EMPLOYEES_EDIT, matters.assignments_end, order=30)
        attention.register(Right.ORGANISATIONS_EDIT, matters.hours_unknown, order=90)
