"""A request that comes twice acts once: the program names it by a key, the first answer is kept and given again."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from ninja.responses import Status

from opora.audit.services import uuid7
from opora.partners.errors import KeyMissing, KeyOfAnother
from opora.partners.models import KeptAnswer

HEADER = "Idempotency-Key"
LONGEST = 100
KEEP = """
INSERT INTO partners_keptanswer (id, partner_id, key, asked, status, answer, kept_at)
VALUES (%s, %s, %s, %s, 0, '{}', %s) ON CONFLICT DO NOTHING
"""


def once(request: HttpRequest, act: Callable[[], tuple[int, Schema]], *, sent: bytes | None = None) -> Status:
    """Do ``act`` unless this partner's key has done it; return its answer, now or then.

    ``sent`` stands for the body where a file came: its parts have been read, and their border is new each time.

    The key is stored in the transaction of the act: who comes with it at the same moment waits for the commit. A
    refusal keeps nothing and may be repeated. Raises KeyMissing, KeyOfAnother.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > LONGEST or not key.isprintable():
        raise KeyMissing
    partner = request.auth.partner  # type: ignore[attr-defined]
    asked, identity = _fingerprint(request, sent), uuid7()
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [identity, partner.pk, key, asked, timezone.now()])
        is_first = cursor.rowcount == 1
    if not is_first:
        kept = KeptAnswer.objects.get(partner=partner, key=key)
        if kept.asked != asked:
            raise KeyOfAnother
        return Status(kept.status, kept.answer)
    status, answer = act()
    body = json.loads(answer.model_dump_json())
    KeptAnswer.objects.filter(pk=identity).update(status=status, answer=body)
    return Status(status, body)


def _fingerprint(request: HttpRequest, sent: bytes | None) -> str:
    """What was asked, as a hash: the body itself is personal."""
    body = request.body if sent is None else sent
    return sha256(b"\n".join([str(request.method).encode(), request.path.encode(), body])).hexdigest()


def fingerprint(name: str, content: bytes, **fields: object) -> bytes:
    """Return what stands for a request that brings a file (``sent`` of ``once``)."""
    return repr([name, sha256(content).hexdigest(), sorted(fields.items())]).encode()
