"""Volgograd in our words: lists of people, observation, the year plan, referrals, answers. Handbook 20 §8."""

from __future__ import annotations

from opora.exchange.findings import Block, Record
from opora.exchange.format import Content
from opora.exchange.lists.vlg_codes import ACCEPTED, CANCELLED, MEASURES, MONTHLY, RESULTS, VOLUMES, WHOLE_FILE
from opora.exchange.people import bare_snils, number_of, patronymic_of
from opora.exchange.tree import parse_day
from opora.informing.incoming import (
    Batch,
    IncomingAnswer,
    IncomingEntry,
    IncomingObservation,
    IncomingReferral,
    IncomingVolume,
    Named,
)


def persons(content: Content) -> Batch:
    """R11 is the list of its month; R01 of the whole year."""
    header = content.header
    year, month = int(header["YEAR"]), int(header["MONTH"])
    is_monthly = header["NAME_F"].upper().startswith(MONTHLY)
    entries = [
        IncomingEntry(
            place=record.place,
            key=record.key,
            who=_who(record),
            measure=MEASURES[record.values["T_PR"]],
            year=year,
            month=month if is_monthly else None,
            provider_code=header["CODEM"],
        )
        for record in content.records
    ]
    return Batch(entries=entries, year=year, month=month)


def observation(content: Content) -> Batch:
    """One observation for each diagnosis; the second of a person has a number after a dot in its key."""
    header, found = content.header, Batch(year=int(content.header["YEAR"]), month=int(content.header["MONTH"]))
    for record in content.records:
        who = _who(record)
        told = [(doctor, reason) for doctor in record.blocks["SPECIALISATION"] for reason in doctor.blocks["REASON"]]
        for number, (doctor, reason) in enumerate(told, start=1):
            visit = parse_day(reason.values["DATE_VISIT"])
            one = IncomingObservation(
                place=record.place,
                key=record.key if number == 1 else f"{record.key}.{number}",
                who=who,
                diagnosis=reason.values["DS"],
                since=parse_day(reason.values["DATE_B"]),
                specialty=doctor.values["SPECIALIST"],
                provider_code=header["CODE_MO"],
                visit_from=visit,
                visit_to=visit,
            )
            found.observations.append(one)
    return found


def plan(content: Content) -> Batch:
    """The year of each kind and its lines by month and area; a month of a kind is the sum of its lines.

    An area named twice in a month is one line: the key is that of the first.
    """
    lines: dict[tuple[str, int | None, str], tuple[str, int]] = {}

    def add(line: tuple[str, int | None, str], key: str, quantity: str) -> None:
        first, former = lines.get(line, (key, 0))
        lines[line] = (first, former + int(quantity))

    for volume in content.blocks["VOLUME"]:
        kind = volume.values["PREVENTIVE_ACTION"]
        add((kind, None, ""), kind, volume.values["QUANTITY"])
    for month in content.blocks["ZAP"]:
        for info in month.blocks.get("QUANTITY_INFO", []):
            for area in info.blocks.get("RECORD", []):
                get = area.values
                line = (info.values["PR_ACTION"], int(month.values["MONTH"]), get["NAME_DISTRICT"])
                add(line, get["CODE_R"], get["QUANTITY_D"])
    year, clinic = int(content.header["YEAR"]), content.header["CODEM"]
    volumes = [
        IncomingVolume(
            place=place,
            key=key,
            measure=VOLUMES[kind][0],
            group=VOLUMES[kind][1],
            provider_code=clinic,
            year=year,
            month=number,
            quantity=quantity,
            area=district,
        )
        for place, ((kind, number, district), (key, quantity)) in enumerate(lines.items(), start=1)
    ]
    return Batch(volumes=volumes, year=year)


def referrals(content: Content) -> Batch:
    """NUM_D counts the referrals of one clinic: with its code and the year it is one number in the territory."""
    found = []
    for record in content.records:
        values = record.values
        issued = parse_day(values["DATE_D"])
        assert issued is not None  # noqa: S101 - the tree has seen to it
        one = IncomingReferral(
            place=record.place,
            key=record.key,
            who=_who(record),
            number=f"{content.header['LPU']}/{issued.year}/{values['NUM_D']}",
            issued_on=issued,
            planned_on=parse_day(values["DATE_HOSP"]),
            diagnosis=values["DS"],
            from_code=content.header["MO"],
            hospital_code=values["MO_H"],
            profile=values["PROFIL"],
            bed_profile=values["PROFIL_K"],
            form=values["F_MEDC"],
        )
        found.append(one)
    return Batch(referrals=found)


def cancelled(content: Content) -> Batch:
    found = [
        IncomingReferral(
            place=record.place,
            key=record.key,
            cancelled_on=parse_day(record.values["DATE_REF"]),
            cancel_reason=CANCELLED[record.values["REASON_REF"]],
        )
        for record in content.records
    ]
    return Batch(referrals=found)


def admitted(content: Content) -> Batch:
    """Only admissions that name their referral: the others tell nothing of one."""
    found = [
        IncomingReferral(
            place=record.place,
            key=record.values["ID_D"],
            who=_who(record),
            admitted_on=parse_day(record.values["DATE_H"]),
        )
        for record in content.records
        if record.values.get("ID_D")
    ]
    return Batch(referrals=found)


def discharged(content: Content) -> Batch:
    """A discharge that names its referral says when the person was admitted by it; the others tell of no referral."""
    found = [
        IncomingReferral(place=record.place, key=record.values["ID_D"], admitted_on=parse_day(record.values["DATE_H"]))
        for record in content.records
        if record.values.get("ID_D")
    ]
    return Batch(referrals=found)


def answers(content: Content) -> Batch:
    """Answers to records; errors of the whole file come as one with place 0 and no key: every record has failed."""
    file = content.header["NAME_FE"]
    found = _whole(file, content.blocks.get("ERRS", []))
    for record in content.records:
        values, result = record.values, record.values["RESULT"]
        one = IncomingAnswer(
            place=record.place,
            key=record.key,
            answered_file=file,
            is_accepted=result == ACCEPTED,
            codes=tuple(error.values["ERROR"] for error in record.blocks.get("ERROR", [])),
            text=RESULTS[result],
            enp=values.get("ENP", ""),
            insurer_code=values.get("SMO", ""),
        )
        found.append(one)
    return Batch(answers=found)


def plan_answers(content: Content) -> Batch:
    """Only lines of the plan with an error are answered; the key is the number of the line."""
    file = content.header["NAME_FE"]
    lines = [
        IncomingAnswer(
            place=record.place,
            key=record.key,
            answered_file=file,
            is_accepted=False,
            codes=(record.values["ERROR"],),
            text=f"Вид {record.values['PR_ACTION']}, месяц {record.values['MONTH']}",
        )
        for record in content.records
    ]
    return Batch(answers=[*_whole(file, content.blocks.get("ERRS", [])), *lines])


def _whole(file: str, errors: list[Block]) -> list[IncomingAnswer]:
    codes = tuple(error.values["ERRS"] for error in errors)
    if not codes:
        return []
    return [IncomingAnswer(place=0, key="", answered_file=file, is_accepted=False, codes=codes, text=WHOLE_FILE)]


def _who(record: Record) -> Named:
    values = record.values
    get = values.get
    landlines = [block.values["TEL_F"] for block in record.blocks.get("TEL_F", [])]
    phones = [get("TEL_M", ""), get("TEL_F", ""), *landlines]
    return Named(
        surname=values["SURNAME"],
        given_name=values["NAME"],
        patronymic=patronymic_of(get("PATRONYMIC", "")),
        birth_on=parse_day(values["BIRTHDAY"]),
        sex=number_of(values, "SEX"),
        enp=get("ENP", ""),
        snils=bare_snils(get("SS", "")),
        policy_kind=values["TYPE_P"],
        policy_series=get("SER_P", ""),
        policy_number=values["NUM_P"],
        phones=tuple(phone for phone in phones if phone),
        address=get("UL", ""),
        okato=get("SUBJ", ""),
        insurer_code=get("SMO", ""),
        document_kind=get("DOCTYPE", ""),
        document_series=get("DOCSER", ""),
        document_number=get("DOCNUM", ""),
        birth_place=get("MR", ""),
    )


BATCHES = {
    "vlg-r01-r11-persons": persons,
    "vlg-r05-year-plan": plan,
    "vlg-d01-observation": observation,
    "vlg-answers-r02-r12-d02": answers,
    "vlg-answers-r06": plan_answers,
    "vlg-i01-hospital-referral": referrals,
    "vlg-i03-referral-cancelled": cancelled,
    "vlg-i04-admission": admitted,
    "vlg-i06-discharge": discharged,
}
