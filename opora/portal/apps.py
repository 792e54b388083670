from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class PortalConfig(AppConfig):
    name = "opora.portal"
    verbose_name = "Сайт"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.organisations.models import HotLine, Organisation, Post, Site, WorkingHours
        from opora.portal import faces, help, ready
        from opora.shared.navigation import Item, register

        for model in (self.get_model("Site"), HotLine, Organisation, WorkingHours):
            for signal in (post_save, post_delete):
                signal.connect(faces.forget, sender=model, dispatch_uid=f"portal.faces.{model._meta.label}")
        for model in (self.get_model("Site"), HotLine, Organisation, WorkingHours, Post, Site):
            for signal in (post_save, post_delete):
                signal.connect(ready.forget, sender=model, dispatch_uid=f"portal.ready.{model._meta.label}")
        post_save.connect(help.forget, sender=self.get_model("Site"), dispatch_uid="portal.help")
        register(
            Item(
                "Сайт",
                "portal_settings:list",
                "home",
                Right.PORTAL_EDIT,
                order=96,
                section="Управление",
                active=("portal_settings:",),
            )
        )
