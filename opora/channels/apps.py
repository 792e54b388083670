from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChannelsConfig(AppConfig):
    name = "opora.channels"
    verbose_name = "Каналы"

    def ready(self) -> None:
        from opora.access.rights import Right
        from opora.channels.partitions import keep_months_ahead
        from opora.shared.navigation import Item, register

        register(
            Item(
                "Каналы",
                "channels:list",
                "send",
                Right.CHANNELS_VIEW,
                key="G K",
                order=93,
                section="Управление",
                active=("channels:",),
            )
        )
        post_migrate.connect(keep_months_ahead, sender=self, dispatch_uid="channels.months")
