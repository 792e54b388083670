"""ГИС ОМС: GST, GSM, GPT, GPM, GF, DF. Handbook 20 §4, 03 §5, 21 §5.3."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.formats.df import measure_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import Batch, IncomingAnswer, IncomingEntry, IncomingObservation, IncomingVisit, Named
from opora.informing.words import Measure, Sequence

SEQUENCES = {"1": Sequence.FIRST, "2": Sequence.REPEAT}  # PRIMARY_INF, INFTYPE
LONGEST_SPECIALTY = 10  # the format sets no end; codes of V021 have up to four digits
ACCEPTED = "0"  # *_RESULT_CODE as seen; the other codes are not published and are kept as text
SEXES = {"м": 1, "муж": 1, "мужской": 1, "1": 1, "ж": 2, "жен": 2, "женский": 2, "2": 2}
PERIOD_OF_NAME = re.compile(r"[A-Za-z]+\d+_(\d{2})(0[1-9]|1[0-2])_\d+")
ANSWERS = (
    ("DN_LIST_FILENAME", "CODE_L", "DN_LIST_RESULT_CODE", "DN_LIST_RESULT_DESCR"),
    ("DN_PLAN_FILENAME", "CODE_P", "DN_PLAN_RESULT_CODE", "DN_PLAN_RESULT_DESCR"),
)


def observed(content: Content) -> Batch:
    """GST, GSM: persons × diagnosis under observation. The last case is a visit where one was planned for it."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        one = IncomingObservation(
            place=record.place,
            key=record.key,
            who=Named(enp=get("ENP", "")),
            diagnosis=get("DIAG_CODE", ""),
            since=parse_day(get("DATE_DN_IN", "")),
            until=parse_day(get("DATE_DN_OUT", "")),
            diagnosed_on=parse_day(get("DIAG_DATE", "")),
            reason_in=get("REASON_DN_IN", ""),
            reason_out=get("REASON_DN_OUT", ""),
            specialty=get("DN_PRVS", "")[:LONGEST_SPECIALTY],
            provider_code=get("MCOD", ""),
        )
        found.observations.append(one)
        if on := parse_day(get("LAST_SL_DATE", "")):
            case = IncomingVisit(
                place=record.place,
                key=record.key,
                who=one.who,
                measure=Measure.OBSERVATION,
                on=on,
                provider_code=get("LAST_SL_MCOD", ""),
                diagnosis=one.diagnosis,
            )
            found.visits.append(case)
    return found


def planned(content: Content) -> Batch:
    """GPT, GPM: a visit that is planned is also somebody to be informed."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        visit_from, visit_to = parse_day(get("PLAN_DATE_START", "")), parse_day(get("PLAN_DATE_END", ""))
        if visit_from is None:
            continue  # a control has refused the record
        who, provider = Named(enp=get("ENP", "")), get("MCOD_PLAN", "")
        sequence, inform_by = SEQUENCES.get(get("PRIMARY_INF", "")), parse_day(get("END_DATE_INF", ""))
        entry = IncomingEntry(
            place=record.place,
            key=record.key,
            who=who,
            measure=Measure.OBSERVATION,
            year=visit_from.year,
            month=visit_from.month,
            provider_code=provider,
            sequence=sequence,
            inform_by=inform_by,
            visit_from=visit_from,
            visit_to=visit_to,
        )
        observation = IncomingObservation(
            place=record.place,
            key=record.key,
            who=who,
            diagnosis=get("DS_CODE", ""),
            provider_code=provider,
            sequence=sequence,
            inform_by=inform_by,
            visit_from=visit_from,
            visit_to=visit_to,
        )
        found.entries.append(entry)
        found.observations.append(observation)
    return found


def checked(content: Content) -> Batch:
    """GF: the fate of our records, and the observation as ГИС ОМС sees it (also where we had sent nothing)."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        who = Named(
            enp=get("ENP", ""),
            birth_on=parse_day(get("DR", "")),
            sex=SEXES.get(get("W", "")),
            insurer_code=get("SMO", ""),
        )
        found.answers += [answer for names in ANSWERS if (answer := _answer(record, who, *names))]
        if diagnosis := get("GROUP_RH_DS") or get("TRIGGER_DS_CD"):
            observation = IncomingObservation(
                place=record.place,
                key=record.key,
                who=who,
                diagnosis=diagnosis,
                specialty=get("DN_PRVS", ""),
                provider_code=get("ATTACH_MCODE", "") or get("TRIGGER_MCODE", ""),
            )
            found.observations.append(observation)
    return found


def due(content: Content) -> Batch:
    """DF: who is due for which measure. What ``DISPANS_STATUS`` means is not published: it stays a note."""
    found = _batch(content)
    for record in content.records:
        get = record.values.get
        measure = measure_of(get("DISPANS_TYPE", ""), get("DISPANS_TYPE_NAME", ""))
        if measure is None or found.year is None:
            continue  # controls have refused the record or the file
        who = Named(
            enp=get("ENP", ""),
            birth_on=parse_day(get("DR", "")),
            sex=SEXES.get(get("POL_NAME", "").casefold().rstrip(".")),
            insurer_code=get("SMO", ""),
        )
        entry = IncomingEntry(
            place=record.place,
            key=record.key,
            who=who,
            measure=measure,
            year=found.year,
            provider_code=get("ATTACH_MO_CD", ""),
            note=f"DISPANS_STATUS {get('DISPANS_STATUS', '')}",
        )
        found.entries.append(entry)
    return found


def _answer(record: Record, who: Named, file: str, key: str, code: str, words: str) -> IncomingAnswer | None:
    values = record.values
    if not values.get(key):
        return None
    result = values.get(code, "")
    return IncomingAnswer(
        place=record.place,
        key=values[key],
        who=who,
        answered_file=values.get(file, ""),
        is_accepted=result == ACCEPTED,
        codes=() if result in ("", ACCEPTED) else (result,),
        text=values.get(words, ""),
        enp=who.enp,
        insurer_code=who.insurer_code,
    )


def _batch(content: Content) -> Batch:
    """The period stands in the header (``PERIOD``) or in the name of the file (``GST19_2605_1``)."""
    found = Batch()
    period = period_of(content.header)
    if period:
        found.year, found.month = period
    return found


def period_of(header: Mapping[str, str]) -> tuple[int, int] | None:
    """Return year and month.

    >>> period_of({"PERIOD": "202605"}), period_of({"FILENAME": "GST19_2605_1"}), period_of({"FILENAME": "DF19_1"})
    ((2026, 5), (2026, 5), None)
    """
    said = header.get("PERIOD", "")
    if re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", said):
        return int(said[:4]), int(said[4:])
    named = PERIOD_OF_NAME.fullmatch(header.get("FILENAME", ""))
    return (2000 + int(named[1]), int(named[2])) if named else None


BATCHES: dict[str, Callable[[Content], Batch]] = {
    "gst-dn-list": observed,
    "gsm-dn-list-mo": observed,
    "gpt-gpm-dn-plan": planned,
    "gf-dn-check-result": checked,
    "df-disp-status": due,
}
