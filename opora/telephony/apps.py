from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TelephonyConfig(AppConfig):
    name = "opora.telephony"
    verbose_name = "Телефония"

    def ready(self) -> None:
        from opora.telephony.partitions import keep_months_ahead

        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="telephony.months")
