from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChannelsConfig(AppConfig):
    name = "opora.channels"
    verbose_name = "Каналы"

    def ready(self) -> None:
        from opora.channels.partitions import keep_months_ahead

        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="channels.months")
