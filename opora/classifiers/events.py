"""What this room announces upstairs."""

from django.dispatch import Signal

edition_loaded = Signal()
"""A new version is stored: ``edition``, ``differences`` (``differences.Difference`` of each topic or code that is not
as in the version before), ``by`` — who sent the file, None for the program. Sent in the same transaction; rooms with
open cases say what changes for them."""
