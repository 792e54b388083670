"""Chapter XV service: a fact of informing and what the person is observed for. Handbook 20 §12."""

from __future__ import annotations

from opora.exchange.fields import parse_date
from opora.exchange.format import Content
from opora.exchange.lists.ch15_codes import FINE, PACKAGE_CODES, SEQUENCES, channel_of, diagnoses_of
from opora.exchange.people import patronymic_of
from opora.informing.incoming import Batch, IncomingAnswer, IncomingContact, IncomingObservation, Named
from opora.informing.words import Channel, Measure

STORED = "500"  # a success of one record; not an HTTP status


def batch(content: Content) -> Batch:
    """Return contacts and observations. A second diagnosis has the key of its record with a number after a dot."""
    found = Batch()
    for record in content.records:
        get = record.values.get
        who = Named(
            surname=get("surname", ""),
            given_name=get("name", ""),
            patronymic=patronymic_of(get("patronymic", "")),
            birth_on=parse_date(get("dateBirth", "")),
            enp=get("enp", ""),
        )
        sequence = SEQUENCES[get("sequenceInformation", "")]
        contact = IncomingContact(
            place=record.place,
            key=record.key,
            who=who,
            measure=Measure.OBSERVATION,
            channel=channel_of(get("wayInforming", "")) or Channel.OTHER,
            on=parse_date(get("dateNotification", "")),
            sequence=sequence,
        )
        found.contacts.append(contact)
        codes = [get("mainDiagnosis", ""), *diagnoses_of(get("concomitantDiagnosis", ""))]
        for number, code in enumerate(codes, start=1):
            observation = IncomingObservation(
                place=record.place,
                key=record.key if number == 1 else f"{record.key}.{number}",
                who=who,
                diagnosis=code,
                inform_by=parse_date(get("plannedNotificationDate", "")),
                sequence=sequence,
            )
            found.observations.append(observation)
    return found


def answers(content: Content) -> Batch:
    """Return what the service said of each record; ``answered_file`` is the reqID of the package.

    A package that failed is one answer about the whole file: none of its records was taken.
    """
    found, code = Batch(), content.header["resultResponseCode"]
    if code != FINE:
        said, file = f"Посылка не принята: {PACKAGE_CODES[code]}", content.header["reqID"]
        whole = IncomingAnswer(place=0, key="", answered_file=file, is_accepted=False, codes=(code,), text=said)
        return Batch(answers=[whole])
    for record in content.records:
        code = record.values["respCode"]
        answer = IncomingAnswer(
            place=record.place,
            key=record.key,
            answered_file=content.header["reqID"],
            is_accepted=code == STORED,
            codes=() if code == STORED else (code,),
            text=record.values.get("text", ""),
            enp=record.values.get("enp", ""),
        )
        found.answers.append(answer)
    return found
