"""A question on its way: begun, answered step by step, sent or forgotten. Whoever holds its key holds it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import file_kinds
from opora.appeals.errors import FileRefused
from opora.portal.models import Ask, AskFile, Site

SYSTEM = Scope.system("a question on its way belongs to who holds its key")
KEPT = timedelta(days=1)
SENT_KEPT = timedelta(hours=1)
MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def find(key: str, slug: str, way: str | None = None) -> Ask | None:
    """Return the question of a key on this site, None when there is none any more. Inside ``SYSTEM``."""
    if not key or "\x00" in key:
        return None
    found = Ask.objects.filter(key_hash=digest(key), site__slug=slug).filter(_fresh()).first()
    return found if found and (way is None or found.way == way) else None


def begin(slug: str, way: str) -> tuple[Ask, str]:
    """Begin a question; return it and its key, which is kept nowhere. Inside ``SYSTEM``."""
    key = secrets.token_urlsafe(24)
    return Ask.objects.create(site=Site.objects.get(slug=slug), way=way, key_hash=digest(key)), key


def answer(ask: Ask, step: str, given: dict[str, str]) -> Ask:
    """Keep the answers of one step; answered again they are replaced. Inside ``SYSTEM``, in its transaction."""
    row = Ask.objects.select_for_update().get(pk=ask.pk)
    row.answers = {**row.answers, step: given}
    row.touched_at = timezone.now()
    row.save(update_fields=["answers", "touched_at"])
    return row


def attach(ask: Ask, name: str, content: bytes) -> AskFile:
    """Add a file, checked as files of the journal are. Raises FileRefused. Inside ``SYSTEM``."""
    row = Ask.objects.select_for_update().get(pk=ask.pk)
    if row.files.count() >= MOST_FILES:
        raise FileRefused(f"Можно приложить не больше {MOST_FILES} файлов.")
    plain, media_type = file_kinds.check(name, content, limit=min(MOST_BYTES, settings.FILE_LIMIT))
    return AskFile.objects.create(ask=row, name=plain, media_type=media_type, size=len(content), content=content)


def detach(ask: Ask, pk: int) -> None:
    AskFile.objects.filter(ask=ask, pk=pk).delete()


def drop(ask: Ask) -> None:
    """Forget a question that is not needed any more: an answer was found."""
    ask.delete()


def forget_old() -> int:
    """Delete drafts nobody has touched for a day, and sent ones an hour after; return how many rows went."""
    with enter(SYSTEM):
        deleted, _ = Ask.objects.exclude(_fresh()).delete()
    return deleted


def _fresh() -> Q:
    now = timezone.now()
    return Q(sent_at=None, touched_at__gt=now - KEPT) | Q(sent_at__gt=now - SENT_KEPT)
