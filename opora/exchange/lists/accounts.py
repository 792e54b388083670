"""Accounts of clinics in our words: who came and on which day, who refused. Order 79 of the federal fund."""

from __future__ import annotations

from collections.abc import Callable

from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.lists.accounts_codes import NOT_NEWBORN, OBSERVATION, RESULTS, kind_of, period_of
from opora.exchange.lists.federal import SEXES
from opora.exchange.people import OF_ONE_NUMBER, bare_snils, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingContact, IncomingVisit, Named
from opora.informing.words import Channel, Measure, Outcome, Purpose
from opora.shared import enp

CORRECTED, REFUSED = "1", "1"  # PR_NOV, P_OTK


def checkups(content: Content) -> Batch:
    """A closed case is a visit that began and ended; one that was refused is a refusal told at the clinic."""
    found = _batch(content)
    kind = kind_of(content.header.get("DISP", ""))
    if kind is None or kind.measure is None:
        return found  # a control has refused the file
    for record in content.records:
        get = record.values.get
        ended = parse_day(get("DATE_Z_2", ""))
        if ended is None or is_newborn(record):
            continue
        if get("P_OTK") == REFUSED:
            refusal = IncomingContact(
                place=record.place,
                key=record.key,
                who=_who(record),
                measure=kind.measure,
                channel=Channel.AT_CLINIC,
                on=ended,
                purpose=Purpose.OTHER,
                outcome=Outcome.REFUSED,
                provider_code=get("LPU") or content.header.get("CODE_MO", ""),
                replaces=get("PR_NOV") == CORRECTED,
            )
            found.contacts.append(refusal)
            continue
        result = RESULTS.get(get("RSLT_D", ""))
        visit = IncomingVisit(
            place=record.place,
            key=record.key,
            who=_who(record),
            measure=kind.measure,
            on=ended,
            began_on=parse_day(get("DATE_Z_1", "")),
            provider_code=get("LPU") or content.header.get("CODE_MO", ""),
            result=result.result if result else "",
            replaces=get("PR_NOV") == CORRECTED,
        )
        found.visits.append(visit)
    return found


def observed(content: Content) -> Batch:
    """Each part of a case whose purpose was observation is a visit; the second has a number after a dot in its key."""
    found = _batch(content)
    for record in content.records:
        if is_newborn(record):
            continue
        who, number = _who(record), 0
        for part in record.blocks.get("SL", ()):
            ended = parse_day(part.values.get("DATE_2", ""))
            if part.values.get("P_CEL") != OBSERVATION or ended is None:
                continue
            number += 1
            visit = IncomingVisit(
                place=record.place,
                key=record.key if number == 1 else f"{record.key}.{number}",
                who=who,
                measure=Measure.OBSERVATION,
                on=ended,
                provider_code=record.values.get("LPU") or content.header.get("CODE_MO", ""),
                replaces=record.values.get("PR_NOV") == CORRECTED,
            )
            found.visits.append(visit)
    return found


def is_newborn(record: Record) -> bool:
    """Whether the policy in the case is a parent's: the case says nothing of who holds it."""
    return record.values.get("NOVOR", "") not in NOT_NEWBORN


def _batch(content: Content) -> Batch:
    month = period_of(content.header)
    return Batch(year=month.year, month=month.month) if month else Batch()


def _who(record: Record) -> Named:
    get = record.values.get
    number = get("NPOLIS", "")
    is_single = get("VPOLIS", "") in OF_ONE_NUMBER and enp.is_valid(number)
    return Named(
        surname=get("FAM", ""),
        given_name=get("IM", ""),
        patronymic=patronymic_of(get("OT", "")),
        birth_on=parse_day(get("DR", "")),
        sex=SEXES.get(get("W", "")),
        enp=get("ENP", "") or (number if is_single else ""),
        snils=bare_snils(get("SNILS", "")),
        policy_kind=get("VPOLIS", ""),
        policy_series=get("SPOLIS", ""),
        policy_number=number,
        insurer_code=get("SMO", ""),
    )


BATCHES: dict[str, Callable[[Content], Batch]] = {"accounts-checkups": checkups, "accounts-observation": observed}
