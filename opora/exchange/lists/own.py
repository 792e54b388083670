"""Our own list: the columns that are filled say whether a row is a plan, a talk, a visit, or several of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from opora.exchange.fields import parse_date
from opora.exchange.format import Content
from opora.exchange.people import number_of
from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, IncomingVisit, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence


def batch(content: Content) -> Batch:
    """Return what rows say; a row may be an entry, a contact and a visit at once, under one key."""
    found = Batch()
    for record in content.records:
        get = record.values.get
        who, sequence = _named(get), Sequence(get("sequence", "")) if get("sequence") else None
        measure, provider = Measure(get("measure", "")), get("provider", "")
        if get("year"):
            entry = IncomingEntry(
                place=record.place,
                key=record.key,
                who=who,
                measure=measure,
                year=int(get("year", "")),
                month=number_of(record.values, "month"),
                quarter=number_of(record.values, "quarter"),
                provider_code=provider,
                sequence=sequence,
                inform_by=_day(get, "inform_by"),
                visit_from=_day(get, "visit_from"),
                visit_to=_day(get, "visit_to"),
                note=get("note", ""),
            )
            found.entries.append(entry)
        if get("informed_on"):
            contact = IncomingContact(
                place=record.place,
                key=record.key,
                who=who,
                measure=measure,
                channel=Channel(get("channel", "")),
                on=_day(get, "informed_on"),
                purpose=Purpose(get("purpose", "")) if get("purpose") else Purpose.INVITE,
                sequence=sequence,
                outcome=Outcome(get("outcome", "")) if get("outcome") else None,
                reason=Reason(get("reason", "")) if get("reason") else None,
                provider_code=provider,
                note=get("talk_note", ""),
            )
            found.contacts.append(contact)
        if came := _day(get, "visited_on"):
            visit = IncomingVisit(
                place=record.place,
                key=record.key,
                who=who,
                measure=measure,
                on=came,
                provider_code=provider,
                result=get("visit_result", ""),
            )
            found.visits.append(visit)
    years = {entry.year for entry in found.entries}
    found.year = years.pop() if len(years) == 1 else None
    return found


def _named(get: Callable[..., str]) -> Named:
    phones = "; ".join(filter(None, (get("phone"), get("phone_2"))))
    return Named(
        surname=get("surname", ""),
        given_name=get("given_name", ""),
        patronymic=get("patronymic", ""),
        birth_on=parse_date(get("birth_on", "")),
        sex=int(sex) if (sex := get("sex")) else None,
        enp=get("enp", ""),
        snils=get("snils", ""),
        phones=tuple(dict.fromkeys(filter(None, phones.split("; ")))) if phones else (),
        email=get("email", ""),
        address=get("address", ""),
        insurer_code=get("insurer", ""),
    )


def _day(get: Callable[..., str], field: str) -> date | None:
    text = get(field)
    return parse_date(text) if text else None
