"""Krasnodar: facts of informing and what the service said of them. Handbook 20 §10, 21 §5.1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from opora.exchange.findings import Record
from opora.exchange.format import Content
from opora.exchange.lists.kk_codes import METHODS, RESULT, SEXES, STEPS
from opora.exchange.people import OF_ONE_NUMBER, bare_snils, patronymic_of
from opora.exchange.tree import parse_moment
from opora.informing.incoming import Batch, IncomingAnswer, IncomingContact, Named
from opora.informing.words import Purpose, Sequence

NO_ERROR = {"", "0"}
WHOLE = "Посылка не принята целиком"
REST = "Остальные факты посылки приняты"
SEQUENCES = {Purpose.INVITE: Sequence.FIRST, Purpose.REMIND: Sequence.REPEAT}


def facts(content: Content) -> Batch:
    """An invitation is the first informing, a reminder a repeated one; a survey is neither."""
    found = Batch()
    for record in content.records:
        get = record.values.get
        measure, purpose = STEPS[get("infostep", "")]
        result = get("inforslt", "")
        contact = IncomingContact(
            place=record.place,
            key=record.key,
            who=_who(record.values),
            measure=measure,
            channel=METHODS[int(get("infometh", ""))],
            on=_day(get("infodate", "")),
            purpose=purpose,
            sequence=SEQUENCES.get(purpose),
            provider_code=get("code_mo", ""),
            note=f"{RESULT} {result}" if result else "",
        )
        found.contacts.append(contact)
    return found


def answers(content: Content) -> Batch:
    """Errors by fact, several of one together; the answer with place 0 speaks of all that are not named."""
    package, failed = content.header["p12_pakageguid"], content.header.get("p13_zerrpkg", "")
    if failed not in NO_ERROR:
        message = content.header.get("p14_errmsg", "") or WHOLE
        whole = IncomingAnswer(place=0, key="", answered_file=package, is_accepted=False, codes=(failed,), text=message)
        return Batch(answers=[whole])
    listed: dict[str, list[Record]] = {}
    for record in content.records:
        listed.setdefault(record.key, []).append(record)
    refused = [
        IncomingAnswer(
            place=errors[0].place,
            key=key,
            answered_file=package,
            is_accepted=False,
            codes=tuple(error.values["e10_ecd"] for error in errors),
            text="; ".join(error.values["e11_ems"] for error in errors if error.values["e11_ems"]),
        )
        for key, errors in listed.items()
    ]
    rest = IncomingAnswer(place=0, key="", answered_file=package, is_accepted=True, text=REST)
    return Batch(answers=[rest, *refused])


def _who(values: Mapping[str, str]) -> Named:
    get = values.get
    kind, number = get("a10_dct", ""), get("a12_dcn", "")
    return Named(
        surname=get("a15_pfio", ""),
        given_name=get("a16_pnm", ""),
        patronymic=patronymic_of(get("a17_pln", "")),
        birth_on=_day(get("a19_pbd", "")),
        sex=SEXES.get(get("a18_ps", "").lower()),
        enp=get("a25_enp", "") or (number if kind in OF_ONE_NUMBER else ""),
        snils=bare_snils(get("a24_sl", "")),
        policy_kind=kind,
        policy_series=get("a11_dcs", ""),
        policy_number=number,
        phones=(get("a20_pph", ""),) if get("a20_pph") else (),
        insurer_code=get("a13_smcd", ""),
        okato=get("a14_trcd", ""),
        document_kind=get("a23_dt", ""),
        document_series=get("a21_ps", ""),
        document_number=get("a22_pn", ""),
    )


def _day(text: str) -> date | None:
    moment = parse_moment(text)
    return moment.date() if moment else None


BATCHES: dict[str, Callable[[Content], Batch]] = {"kk-evfactinfos-soap": facts, "kk-responcepack": answers}
