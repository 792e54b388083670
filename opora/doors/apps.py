from typing import Any

from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "opora.doors"
    verbose_name = "Двери"

    def ready(self) -> None:
        from opora.channels.events import receipts_came

        receipts_came.connect(_tell, dispatch_uid="doors.receipts")


def _tell(receipts: list[Any], **_: Any) -> None:
    """What a provider said of answers of ours."""
    from opora.doors import services

    for receipt in receipts:
        if receipt.reference is not None:
            services.delivered(receipt.reference, receipt.state, at=receipt.at, code=receipt.code)
