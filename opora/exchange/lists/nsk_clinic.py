"""The book «МО» of Novosibirsk in our words: an observation, and whom to invite to the planned visit."""

from __future__ import annotations

from opora.exchange.fields import parse_date
from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.people import patronymic_of
from opora.informing.incoming import Batch, IncomingEntry, IncomingObservation, Named
from opora.informing.words import Measure


def batch(content: Content) -> Batch:
    """Who was taken off is not invited: his old visit holds no more."""
    found = Batch()
    for record in content.records:
        values, who = record.values, _who(record)
        until = parse_date(values["until"])
        visit = None if until else parse_date(values["visit_on"])
        observation = IncomingObservation(
            place=record.place,
            key=record.key,
            who=who,
            diagnosis=values["diagnosis"],
            since=parse_date(values["since"]),
            until=until,
            reason_out=values["reason_out"][:50],
            provider_code=values["provider"],
            visit_from=visit,
            visit_to=visit,
        )
        found.observations.append(observation)
        if visit is None:
            continue
        entry = IncomingEntry(
            place=record.place,
            key=record.key,
            who=who,
            measure=Measure.OBSERVATION,
            year=visit.year,
            month=visit.month,
            provider_code=values["provider"],
            visit_from=visit,
            visit_to=visit,
        )
        found.entries.append(entry)
    return found


def _who(record: Record) -> Named:
    surname, given, *rest = [*record.values["full_name"].split(), "", ""]
    phone = record.values["phone"]
    return Named(
        surname=surname,
        given_name=given,
        patronymic=patronymic_of(" ".join(part for part in rest if part)),
        birth_on=parse_date(record.values["birth_on"]),
        phones=(phone,) if phone else (),
    )
