"""When a wording may be approved: it was read against the law and says where it comes from. Pure.

The database keeps the same promise by the trigger ``approved_with_source`` of ``AnswerCard``.
Source: domain handbook 12: what is marked [own] is checked by a lawyer before it becomes an answer.
"""

from typing import Protocol

from opora.knowledge import errors
from opora.shared.errors import DomainError

OWN = "[own]"
LAWYER = "требует проверки юриста"


class Sourced(Protocol):
    is_verified: bool
    legal_basis: str
    sources: str


def why_not_said(text: Sourced) -> DomainError | None:
    """Return the refusal of an approval, or None when the wording may be said."""
    if not text.is_verified or OWN in text.sources:
        return errors.NeedsLawyer()
    if not (text.legal_basis or text.sources):
        return errors.SourceMissing()
    return None
