"""What the access log keeps of a search: its shape and a fingerprint, never its text."""

from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from opora.audit import services as audit
from opora.audit.models import AuditLine
from opora.insured.search.find import Found
from opora.insured.search.parse import Query

if TYPE_CHECKING:
    from opora.organisations.models import Employee

ACTION = "insured.search"


def record(query: Query, found: Found, *, by: "Employee", purpose: str | None = None) -> None:
    """Add the line of one executed search."""
    details: dict[str, Any] = {"shape": query.shape, "hits": len(found.hits), "fingerprint": fingerprint(query)}
    if found.has_more:
        details["has_more"] = True
    audit.record(
        ACTION,
        by=by,
        purpose=purpose or None,
        result=AuditLine.Result.DONE if found.hits else AuditLine.Result.NOT_FOUND,
        details=details,
    )


def fingerprint(query: Query) -> str:
    """Return a keyed hash, equal for equal questions: an inspector sees the same person looked for again and again."""
    birth = f"{query.birth.first}/{query.birth.last}" if query.birth else ""
    text = "|".join([*sorted(word.keys[0] for word in query.words), birth, *sorted(query.numbers)])
    return salted_hmac("opora.insured.search", text, algorithm="sha256").hexdigest()[:32]
