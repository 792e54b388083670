from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AppealsConfig(AppConfig):
    name = "opora.appeals"
    verbose_name = "Журнал обращений"

    def ready(self) -> None:
        from opora.appeals.partitions import keep_months_ahead

        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="appeals.months")
