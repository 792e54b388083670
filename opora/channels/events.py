"""What this room announces upstairs; it does not know who listens."""

from django.dispatch import Signal

# Receipts are kept: ``link``, ``receipts`` (named as far as known). Sent for those a provider brought to us by himself,
# for those of a session that ``services.storing`` listens to, and for what comes over somebody else's line.
receipts_came = Signal()
