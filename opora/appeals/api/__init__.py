"""The journal for programs of partners: register, read, carry, close, files, and a feed of what has changed.

Every command names its request by ``Idempotency-Key``; a program sees what the people of its organisation see.
"""

from opora.appeals.api import commands, feed, files, reading
from opora.appeals.api.common import router

__all__ = ["commands", "feed", "files", "reading", "router"]
