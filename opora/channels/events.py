"""What this room announces upstairs; it does not know who listens."""

from django.dispatch import Signal

# Receipts a provider brought to us by himself are kept: ``link``, ``receipts`` (named as far as known). Those that come
# over a session go to whoever opened it.
receipts_came = Signal()
