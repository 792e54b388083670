"""Writing a line."""

import os
import time
from typing import Any
from uuid import UUID

from django.db import models

from opora.audit.context import current
from opora.audit.models import AuditLine


def record(
    action: str,
    subject: models.Model | tuple[str, str] | None = None,
    *,
    by: Any = None,
    purpose: str | None = None,
    result: str = AuditLine.Result.DONE,
    details: dict[str, Any] | None = None,
) -> AuditLine:
    """Add a line to the access log in the caller's transaction; ``by`` is an Employee, a Caller of the API,
    or None for the program itself.

    ``subject`` is a row or ``(kind, id)``. ``details`` must hold no names, numbers or texts of persons.
    """
    place = current()
    kind, identity = _subject(subject)
    return AuditLine.objects.create(
        id=uuid7(),
        action=action,
        result=result,
        purpose=place.purpose if purpose is None else purpose,
        subject_kind=kind,
        subject_id=identity,
        ip=place.ip,
        session=place.session,
        request_id=place.request_id,
        details=details or {},
        **_witness(by),
    )


def uuid7() -> UUID:
    """Return a UUID that sorts by the moment it was made (RFC 9562, version 7)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def _subject(subject: models.Model | tuple[str, str] | None) -> tuple[str, str]:
    if subject is None:
        return "", ""
    if isinstance(subject, tuple):
        return subject
    return subject._meta.label_lower, str(subject.pk)


def _witness(by: Any) -> dict[str, Any]:
    if (own := getattr(by, "audit_witness", None)) is not None:
        return dict(own)
    if by is None or not getattr(by, "pk", None):
        return {}
    witness: dict[str, Any] = {"employee_id": by.pk, "employee_name": by.full_name}
    assignment = getattr(by, "assignment", None)
    if assignment is not None:
        witness |= {
            "role": assignment.role.slug,
            "organisation_id": assignment.organisation_id,
            "organisation_name": assignment.organisation.name,
            "territory": assignment.organisation.territory_id,
        }
    return witness
