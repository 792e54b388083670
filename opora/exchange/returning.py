"""A partner's list going back to him with what was done for its people: his own records, our facts after his."""

from __future__ import annotations

from typing import Any

from opora.access.scope import enter
from opora.exchange.errors import ExchangeRefused
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, Way
from opora.exchange.outbound.orders import SYSTEM, ListOrder, ask
from opora.exchange.outbound.recipes import RECIPES, Made
from opora.exchange.outbound.units import Wanted
from opora.informing.models import Roll

RETURNS = frozenset(slug for slug, recipe in RECIPES.items() if recipe.made is Made.BACK)


def may_return(parcel: Parcel) -> bool:
    """Whether a file is a stored list of a format that goes back, and is here still."""
    return (
        (parcel.repeats or parcel).forgotten_at is None
        and parcel.direction == Direction.IN
        and parcel.is_stored
        and parcel.format in RETURNS
    )


def ask_back(parcel: Parcel, *, by: Any) -> Parcel:
    """Note that a list is to go back. Raises ExchangeRefused for what is no stored list of such a format."""
    if not may_return(parcel):
        raise ExchangeRefused("Вернуть партнёру можно принятый список того формата, в котором есть место для фактов.")
    source = parcel.repeats or parcel
    with enter(SYSTEM):
        roll, organisation = Roll.objects.get(parcel_id=source.pk), source.organisation
    return ask(ListOrder(organisation, source.format, Wanted(roll=roll.pk), Way.UPLOAD, by=by))
