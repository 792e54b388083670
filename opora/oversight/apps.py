from typing import Any

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "opora.oversight"
    verbose_name = "Надзор"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.classifiers.events import edition_loaded
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Журнал доступа",
                "oversight:log",
                "shield-check",
                Right.AUDIT_VIEW,
                key="G A",
                order=90,
                section="Управление",
            )
        )
        edition_loaded.connect(_edition_loaded, dispatch_uid="oversight.edition_loaded")


def _edition_loaded(*, edition: Any, differences: list[Any], by: Any, **_: Any) -> None:
    """A classifier that somebody has loaded leaves a line; classifiers stand beside the log and do not know it."""
    from opora.audit.services import record

    if by is not None:
        record("classifiers.load", edition, by=by, details={"version": edition.version, "changes": len(differences)})
