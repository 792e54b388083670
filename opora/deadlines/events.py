"""What this room announces upstairs."""

from django.dispatch import Signal

pack_loaded = Signal()
"""A new version of a pack is in force: ``pack``, ``differences`` — (day, kind before, kind after) of a calendar.

A receiver may return sentences: who loads the pack reads them."""
