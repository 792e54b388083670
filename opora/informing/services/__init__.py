"""Commands of informing: one verb, one transaction, one line of the access log."""

from opora.informing.services.campaigns import change, create, launch, pause, resume, stop
from opora.informing.services.not_due import invite_again, spare
from opora.informing.services.plan import add_to_plan, seal
from opora.informing.services.settle import dismiss, settle

__all__ = [
    "add_to_plan",
    "change",
    "create",
    "dismiss",
    "invite_again",
    "launch",
    "pause",
    "resume",
    "seal",
    "settle",
    "spare",
    "stop",
]
