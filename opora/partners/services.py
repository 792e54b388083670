"""Keys: issued by an administrator, exchanged once for a session and the next key, revoked by families."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.context import current
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.partners.errors import KeyRefused, PartnerClosed
from opora.partners.models import ApiPartner, Caller, KeptAnswer, OneTimeKey, PartnerSession

KEY_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(minutes=30)
KEPT = timedelta(days=30)
_BEFORE_SCOPE = "a partner is known by its key before its scope is"


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret as it is shown, once."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a key is worth: a session, and the key for the next time."""

    session: Issued
    next_key: Issued


@transaction.atomic
def issue_key(partner: ApiPartner, *, by: Employee) -> Issued:
    """Return a new key of a new family; former families of the partner end. Raises PartnerClosed."""
    if not partner.is_active:
        raise PartnerClosed
    revoke(partner)
    issued = _new_key(partner, uuid4())
    record("partners.token.issued", partner, by=by)
    return issued


@transaction.atomic
def close_partner(partner: ApiPartner, *, by: Employee) -> None:
    """Let the partner in no more; its sessions end at once."""
    ApiPartner.objects.filter(pk=partner.pk).update(is_active=False)
    revoke(partner)
    record("partners.close", partner, by=by)


def revoke(partner: ApiPartner, family: UUID | None = None) -> None:
    """End all keys and sessions of the partner, or of one family."""
    wanted = {"family": family} if family else {}
    now = timezone.now()
    OneTimeKey.objects.filter(partner=partner, revoked_at=None, **wanted).update(revoked_at=now)
    PartnerSession.objects.filter(partner=partner, revoked_at=None, **wanted).update(revoked_at=now)


def exchange(text: str) -> Exchange:
    """Exchange a key for a session and the next key. Raises KeyRefused.

    The UPDATE decides between two who come with the same key. A key that comes a second time has been stolen, by the
    first or by the second: its whole family ends.
    """
    with enter(Scope.system(_BEFORE_SCOPE)):
        given = _exchanged(text)
    if given is None:  # raised outside, so that what was revoked and written stays
        raise KeyRefused
    return given


def _exchanged(text: str) -> Exchange | None:
    key = _with_partner(OneTimeKey.objects).filter(digest=OneTimeKey.digest_of(text)).first()
    if key is None:
        record("partners.refused", result=AuditLine.Result.REFUSED, details={"why": "unknown key"})
        return None
    partner = key.partner
    if not partner.is_active or not partner.may_come_from(current().ip):
        _refused(partner, "closed" if not partner.is_active else "network")
        return None
    now = timezone.now()
    unused = OneTimeKey.objects.filter(pk=key.pk, used_at=None, revoked_at=None, expires_at__gt=now)
    if not unused.update(used_at=now):
        key.refresh_from_db()
        if key.used_at is None:
            _refused(partner, "revoked" if key.revoked_at else "expired")
            return None
        revoke(partner, key.family)
        record("partners.reused", partner, by=Caller(partner), result=AuditLine.Result.REFUSED)
        return None
    session, digest = PartnerSession.new()
    row = PartnerSession(partner=partner, digest=digest, family=key.family, expires_at=now + SESSION_LASTS)
    row.save()
    record("partners.entered", partner, by=Caller(partner))
    return Exchange(Issued(session, row.expires_at), _new_key(partner, key.family))


def caller_of(text: str) -> Caller | None:
    """Return who holds this session now, from where it is used now; None — nobody."""
    with enter(Scope.system(_BEFORE_SCOPE)):
        row = (
            _with_partner(PartnerSession.objects)
            .filter(digest=PartnerSession.digest_of(text), revoked_at=None, expires_at__gt=timezone.now())
            .first()
        )
    if row is None or not row.partner.is_active or not row.partner.may_come_from(current().ip):
        return None
    return Caller(row.partner)


def forget_expired() -> int:
    """Delete keys and sessions that ended a month ago; return how many."""
    before = timezone.now() - KEPT
    with enter(Scope.system("nightly cleaning")):
        KeptAnswer.objects.filter(kept_at__lt=before).delete()
        ended = [model.objects.filter(expires_at__lt=before).delete()[0] for model in (OneTimeKey, PartnerSession)]
    return sum(ended)


def _with_partner(manager):  # type: ignore[no-untyped-def]
    return manager.select_related("partner__organisation__territory", "partner__organisation__parent")


def _refused(partner: ApiPartner, why: str) -> None:
    record("partners.refused", partner, by=Caller(partner), result=AuditLine.Result.REFUSED, details={"why": why})


def _new_key(partner: ApiPartner, family: UUID) -> Issued:
    text, digest = OneTimeKey.new()
    row = OneTimeKey(partner=partner, digest=digest, family=family, expires_at=timezone.now() + KEY_LASTS)
    row.save()
    return Issued(text, row.expires_at)
