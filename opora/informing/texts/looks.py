"""How a text reads for one person: its words, its length, its parts and their price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from opora.channels.queries import expected_price
from opora.channels.segments import segments
from opora.informing import merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.models import Campaign, Template
from opora.informing.texts.rules import Fault, faults, private_words
from opora.informing.words import Channel
from opora.insured.models import Person
from opora.organisations.models import Organisation

EXAMPLE = {
    "имя": "Полина",
    "имя_отчество": "Полина Андреевна",
    "клиника": "Поликлиника № 1",
    "адрес_клиники": "ул. Ленина, 1",
    "телефон_клиники": "+7 900 000-00-00",
    "часы_клиники": "пн–пт 8:00–20:00",
    "диагноз": "диагноз",
}


@dataclass(frozen=True, slots=True)
class Look:
    """``text`` is empty while a fault keeps it from being merged. ``price`` in roubles; None — nobody carries it."""

    faults: list[Fault]
    text: str = ""
    subject: str = ""
    characters: int = 0
    parts: int = 0
    price: Decimal | None = None
    private: tuple[str, ...] = ()


def campaign_of(template: Template, organisation: Organisation, year: int) -> Campaign:
    """Return a campaign that carries the text, to be asked for its values; it is not saved."""
    return Campaign(
        territory=organisation.territory_id, insurer=organisation, measure=template.measure, year=year, title=""
    )


def look(template: Template, campaign: Campaign, person: Person | None) -> Look:
    """Return how an unsaved or saved text reads for ``person``, or for an invented one. A few queries."""
    found = faults(template.text, template.channel)
    if template.subject:
        found += faults(template.subject, template.channel)
    values = merge.readable(_values(campaign, person), template.channel)
    try:
        text = merge.render(template.text, values)
        subject = merge.render(template.subject, values) if template.subject else ""
    except TextRefused as refusal:
        return Look(found or [Fault(1, 1, refusal.sentence.rstrip("."))])
    is_short = template.channel in {Channel.SMS, Channel.MESSENGER}
    parts = len(segments(text)) if template.channel == Channel.SMS else 1
    price = expected_price(template.channel, campaign.insurer)
    cost = None if price is None else price * parts
    private = tuple(private_words(text)) if template.channel != Channel.CALL and not found else ()
    return Look(found, text, subject, len(text), parts if is_short else 0, cost, private)


def _values(campaign: Campaign, person: Person | None) -> Mapping[str, str]:
    fixed = recipients.values(campaign)
    if person is None:
        return {**EXAMPLE, **{name: text for name, text in fixed.campaign.items() if text}}
    return {**fixed.of(person.provider_id), **recipients.people([person.pk]).get(person.pk, {})}
