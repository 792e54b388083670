"""The letter that explains the lawful ways: to a person who wrote by mail, once, and never to a machine.

A plain e-mail is no appeal since 30.03.2025 (59-FZ as amended by 547-FZ; domain handbook 10): the writer is told where
an appeal is accepted, so that he does not wait for a term that does not run.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from opora.access.scope import Scope, enter
from opora.doors.models import Door, Greeted, Message, Thread
from opora.doors.services.replying import say

GREETED_FOR = timedelta(days=180)


def greet(door: Door, thread: Thread) -> Message | None:
    """Explain the lawful ways to who opened the thread, unless he was told before; None — nothing was sent."""
    if not door.greeting.strip() or not thread.correspondent:
        return None
    hashed = sha256(f"{door.pk}:{thread.correspondent}".encode()).hexdigest()
    with enter(Scope.system("the greeting of a door")):
        try:
            with transaction.atomic():
                Greeted.objects.create(door=door, organisation_id=door.organisation_id, correspondent=hashed)
                return say(thread, door.greeting)
        except IntegrityError:
            return None
