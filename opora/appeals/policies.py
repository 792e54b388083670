"""What an organisation wants done before an answer leaves."""

from opora.appeals.models import ApprovalRule
from opora.classifiers.words import Kind

BY_DEFAULT = frozenset({Kind.COMPLAINT})  # assumed: an answer to a complaint is read by a second person


def needs_approval(organisation: int, kind: str) -> bool:
    """Say whether the final answer to an appeal of a kind is approved by another person first."""
    rule = ApprovalRule.objects.filter(organisation=organisation, kind=kind).first()
    return rule.is_needed if rule is not None else kind in BY_DEFAULT
