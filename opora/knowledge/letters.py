"""Letters of the journal: what a template may name, whose template is used, and the finished letter.

letter = compose(Letter.REPLY, organisation=fund, to=citizen(name, address), values={"number": …, "answer": …}, …)
documents.letter(letter, "pdf")
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from opora.knowledge import fields
from opora.knowledge.errors import FieldUnknown, LetterIncomplete
from opora.knowledge.models import LetterTemplate
from opora.knowledge.packs import SHIPPED
from opora.knowledge.words import Letter
from opora.organisations.models import Organisation
from opora.shared import documents
from opora.shared.declension import Case, PersonName, decline, greeting
from opora.shared.documents import Letterhead, Signature
from opora.shared.phones import show

PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class LetterField:
    """What a template may name: ``name`` is written in braces, ``code`` is the key of the values."""

    code: str
    name: str
    title: str
    example: str


FIELDS = (
    LetterField("number", "номер", "номер обращения", "54-17/2026"),
    LetterField("registered_on", "дата регистрации", "когда обращение зарегистрировано", "02.03.2026"),
    LetterField("kind", "вид", "вид обращения", "Жалоба"),
    LetterField("topic", "тема", "тема обращения", "Сроки ожидания"),
    LetterField("channel", "канал", "как обратились", "Телефон горячей линии"),
    LetterField("essence", "суть", "о чём просят", "Не могу записаться к неврологу."),
    LetterField("applicant", "заявитель", "кто обратился", "Иванова Полина Сергеевна"),
    LetterField("applicant_to", "заявителю", "кто обратился, в дательном падеже", "Ивановой Полине Сергеевне"),
    LetterField("concerned", "кого касается", "о ком обращение", "Иванов Пётр Ильич"),
    LetterField("answer", "ответ", "текст ответа", "Клиника приняла вас позже срока. Запись перенесли на 05.03.2026."),
    LetterField("due_on", "ответить до", "последний день ответа", "01.04.2026"),
    LetterField("extended_to", "новый срок", "последний день после продления", "30.04.2026"),
    LetterField("extension_why", "причина продления", "почему нужен новый срок", "ждём документы из клиники"),
    LetterField("extension_order", "решение о продлении", "кто и когда продлил", "приказ № 12 от 25.03.2026"),
    LetterField("sent_to", "куда направлено", "кому передано", "Министерство здравоохранения региона"),
    LetterField("sent_why", "причина направления", "почему передано", "ремонт поликлиник решает министерство"),
    LetterField("request", "номер запроса", "номер запроса документов", "54-17/2026/1"),
    LetterField("clinic", "клиника", "у кого запрашивают, кому передают акт", "Поликлиника № 1"),
    LetterField("patient", "пациент", "чьи документы", "Иванова Полина Сергеевна"),
    LetterField("patient_data", "данные пациента", "дата рождения и ЕНП", "дата рождения 14.03.1985"),
    LetterField("care", "период лечения", "где и когда лечили", "поликлиника, с 01.03.2026 по 10.03.2026"),
    LetterField("wanted", "документы", "что прислать", "Медицинская карта с записями за период."),
    LetterField("ground", "основание", "почему проверяют", "Жалоба застрахованного или его представителя"),
    LetterField("act", "номер акта", "номер акта экспертизы", "ЭКМП-12/2026"),
    LetterField("act_on", "дата акта", "когда составлен акт", "20.03.2026"),
    LetterField("control", "вид экспертизы", "МЭЭ или ЭКМП", "ЭКМП"),
    LetterField("claim_until", "претензия до", "до какого дня подают претензию", "10.04.2026"),
    LetterField("organisation", "организация", "от кого письмо", "ТФОМС Новосибирской области"),
    LetterField("phone", "телефон", "куда звонить", "+7 800 000-00-01"),
    LetterField("handler", "исполнитель", "кто ведёт обращение", "Алиева Алина"),
    LetterField("state", "состояние", "на какой стадии", "В работе"),
    LetterField("outcome", "итог", "чем кончилось", "Обращение рассмотрено"),
    LetterField("history", "ход", "что происходило, по строкам", "02.03.2026 09:15 Зарегистрировано"),
)
BY_NAME = {field.name: field for field in FIELDS}
BY_CODE = {field.code: field for field in FIELDS}

# A reply without its answer and a notice without its term would be empty paper.
REQUIRED: dict[Letter, tuple[str, ...]] = {
    Letter.REPLY: ("ответ",),
    Letter.INTERIM: ("ответ", "ответить до"),
    Letter.EXTENSION: ("новый срок",),
    Letter.FORWARDED: ("куда направлено",),
    Letter.REGISTERED: ("номер",),
    Letter.RECORD_CARD: ("номер",),
    Letter.RECORDS: ("номер запроса", "пациент", "период лечения", "документы", "ответить до"),
    Letter.ACT: ("номер акта", "ответить до"),
}
# The letterhead and the record card fill these by themselves; a card may have empty lines.
MAY_BE_EMPTY = frozenset({"phone", "concerned", "essence", "due_on", "handler", "outcome", "history", "channel"})


@dataclass(frozen=True, slots=True)
class Wording:
    """The text a letter is made from; ``number`` 0 — the shipped one."""

    about: str
    body: str
    number: int = 0

    @property
    def is_shipped(self) -> bool:
        return self.number == 0


@dataclass(frozen=True, slots=True)
class Recipient:
    """Lines of the addressee and how the letter greets him."""

    lines: tuple[str, ...] = ()
    greeting: str = ""


def citizen(name: PersonName, *address: str) -> Recipient:
    """Return a citizen as a letter addresses him: dative above, the greeting below."""
    return Recipient((decline(name, Case.DATIVE), *filter(None, address)), f"{greeting(name)}!")


def office(*lines: str) -> Recipient:
    """Return another body: its lines as they are, no greeting."""
    return Recipient(tuple(filter(None, lines)))


def shipped(kind: str) -> Wording:
    return _shipped()[Letter(kind)]


def wording_for(kind: str, organisation: Organisation) -> Wording:
    """Return the organisation's own template, that of its head, or the shipped one. One query."""
    owners = [organisation.pk, *filter(None, [organisation.parent_id])]
    own = LetterTemplate.objects.filter(kind=kind, organisation_id__in=owners).select_related("text")
    for template in sorted(own, key=lambda template: owners.index(template.organisation_id)):
        if template.text is not None and template.text.body:
            return Wording(template.text.about, template.text.body, template.text.number)
    return shipped(kind)


def check(kind: str, about: str, body: str) -> None:
    """Raise FieldUnknown with every fault and its place: an unknown field, a brace alone, a needed field missing."""
    found = [f"тема письма, {fault}" for fault in fields.faults(about, _why_not)]
    found += [str(fault) for fault in fields.faults(body, _why_not)]
    used = {name for name, _ in fields.fields(body + "\n" + about)}
    found += [f"в этом письме нужно поле {{{name}}}" for name in REQUIRED.get(Letter(kind), ()) if name not in used]
    if found:
        raise FieldUnknown("; ".join(found))


def compose(
    kind: str,
    *,
    organisation: Organisation,
    values: Mapping[str, str],
    to: Recipient | None = None,
    dated: date | None = None,
    number: str = "",
    replies_to: str = "",
    enclosures: tuple[str, ...] = (),
    signature: Signature | None = None,
    prepared_by: str = "",
    wording: Wording | None = None,
    about: str = "",
) -> documents.Letter:
    """Return the finished letter. ``values`` are keyed by ``LetterField.code``; dates are already in words.

    ``about`` — a heading that is already filled, instead of the template's.

    Raises LetterIncomplete naming what the template wants and nobody gave.
    """
    wording = wording or wording_for(kind, organisation)
    to = to or Recipient()
    known = {"organisation": organisation.name, "phone": _phone(organisation), **values}
    value = _reader(kind, wording, known)
    about = about or fields.filled(wording.about, value)
    body = fields.filled(_callable(wording.body, known["phone"]), value)
    is_card = kind == Letter.RECORD_CARD
    return documents.Letter(
        head=letterhead(organisation),
        body=tuple(part.strip("\n") for part in PARAGRAPH.split(body.replace("\r\n", "\n")) if part.strip()),
        dated=dated,
        number=number,
        addressee=to.lines,
        replies_to=replies_to,
        about="" if is_card else about,
        title=about if is_card else "",
        greeting=to.greeting,
        enclosures=enclosures,
        signature=signature,
        prepared_by=prepared_by,
    )


def draft(kind: str, *, organisation: Organisation, values: Mapping[str, str]) -> tuple[str, bool]:
    """Return the text of a letter to be finished by hand, and whether it has a place for the answer.

    What nobody has given stays in braces, to be seen and written over; ``unfilled`` finds it.
    """
    wording = wording_for(kind, organisation)
    known = {"organisation": organisation.name, "phone": _phone(organisation), **values}
    body = _callable(wording.body, known["phone"])
    names = {name for name, _ in fields.fields(body)}
    return fields.filled(body, _or_braces(known)), BY_CODE["answer"].name in names


def heading(kind: str, *, organisation: Organisation, values: Mapping[str, str]) -> str:
    """Return the heading of a letter, or nothing where it names what is not known."""
    known = {"organisation": organisation.name, "phone": _phone(organisation), **values}
    about = fields.filled(wording_for(kind, organisation).about, _or_braces(known))
    return "" if unfilled(about) else about


def unfilled(text: str) -> list[str]:
    """Return the fields of letters that still stand in a text, as they are written.

    >>> unfilled("Срок продлён до {новый срок}: {так}")
    ['{новый срок}']
    """
    return list(dict.fromkeys("{" + name + "}" for name, _ in fields.fields(text) if name in BY_NAME))


def example(kind: str, *, organisation: Organisation, wording: Wording) -> documents.Letter:
    """Return the letter with invented values, to see how a template looks."""
    offices = {
        Letter.FORWARDING: office("Министерство здравоохранения региона"),
        Letter.RECORDS: office("Поликлиника № 1"),
        Letter.ACT: office("Поликлиника № 1"),
        Letter.RECORD_CARD: Recipient(),
    }
    polina = citizen(PersonName("Иванова", "Полина", "Сергеевна"), "630000, г. Новосибирск, ул. Ленина, д. 1, кв. 15")
    return compose(
        kind,
        organisation=organisation,
        values={field.code: field.example for field in FIELDS if field.code not in {"organisation", "phone"}},
        to=offices.get(Letter(kind), polina),
        dated=date(2026, 3, 2),
        number="54-17/2026",
        signature=Signature("Начальник отдела", "И. И. Иванов"),
        prepared_by="Алиева Алина",
        wording=wording,
    )


def letterhead(organisation: Organisation) -> Letterhead:
    lines = [
        organisation.address,
        ", ".join(filter(None, [_phone(organisation), organisation.email, organisation.website])),
    ]
    return Letterhead(organisation.full_name or organisation.name, tuple(filter(None, lines)))


def _reader(kind: str, wording: Wording, known: Mapping[str, str]) -> Callable[[str], str]:
    optional = MAY_BE_EMPTY if kind == Letter.RECORD_CARD else {"phone"}
    used = [BY_NAME[name] for name, _ in fields.fields(f"{wording.about}\n{wording.body}") if name in BY_NAME]
    missing = [field.title for field in used if not known.get(field.code) and field.code not in optional]
    if missing:
        raise LetterIncomplete("Для письма не хватает: " + ", ".join(dict.fromkeys(missing)) + ".")
    return lambda name: (known.get(BY_NAME[name].code) or "—") if name in BY_NAME else "{" + name + "}"


def _or_braces(known: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: (known.get(BY_NAME[name].code) if name in BY_NAME else "") or "{" + name + "}"


def _callable(body: str, phone: str) -> str:
    """Leave out paragraphs that say «позвоните» when the organisation has named no number."""
    parts = PARAGRAPH.split(body.replace("\r\n", "\n"))
    return body if phone else "\n\n".join(part for part in parts if "{телефон}" not in part)


def _why_not(name: str) -> str:
    if name in BY_NAME:
        return ""
    near = next((known for known in BY_NAME if known.startswith(name[:4]) and name), "")
    return "такого поля нет" + (f", возможно, {{{near}}}" if near else "")


def _phone(organisation: Organisation) -> str:
    line = next(iter(organisation.hot_lines.all()), None)
    return show(line.phone) if line else ""


@cache
def _shipped() -> dict[Letter, Wording]:
    content = json.loads(sorted(SHIPPED.glob("letters-*.json"))[-1].read_text(encoding="utf-8"))
    return {Letter(kind): Wording(text["about"], text["body"]) for kind, text in content["letters"].items()}
