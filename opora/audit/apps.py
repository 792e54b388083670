from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "opora.audit"
    verbose_name = "Журнал доступа"

    def ready(self) -> None:
        from opora.audit.partitions import keep_months_ahead

        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="audit.months")
