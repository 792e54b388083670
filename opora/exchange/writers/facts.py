"""What counts as a fact of informing: it took place, and the person learned of the measure. Never filled in."""

from __future__ import annotations

from opora.exchange.errors import FactMissing
from opora.informing.facts import INFORMING, NOT_INFORMED
from opora.informing.incoming import IncomingContact


def took_place(contact: IncomingContact) -> bool:
    """Whether somebody was reached; a survey counts. Raises FactMissing where nobody knows when."""
    if contact.outcome in NOT_INFORMED:
        return False
    if contact.on is None:
        raise FactMissing(f"Запись {contact.key}: о контакте сказано, а дня нет")
    return True


def is_fact(contact: IncomingContact) -> bool:
    """Whether somebody was informed: an unanswered call informed nobody, a survey is no informing."""
    return contact.purpose in INFORMING and took_place(contact)
