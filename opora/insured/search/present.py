"""What the screen says about a hit: marked letters, why it is here, and what to do when there are too many or none."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString

from opora.insured.models import Person
from opora.insured.search.find import SCREEN, Found, Hit
from opora.insured.search.numbers import Field, Guess, How
from opora.insured.search.parse import Query
from opora.insured.search.rank import Name
from opora.shared import enp, phones, snils

ALIKE = {Name.SURNAME: "фамилия похожа", Name.GIVEN: "имя похоже", Name.PATRONYMIC: "отчество похоже"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list."""

    person: Person
    name: SafeString
    birth_on: date
    birth_is_marked: bool
    enp: SafeString
    where: list[str]
    why: list[str]


def line(hit: Hit) -> Line:
    person = hit.person
    return Line(
        person=person,
        name=_full_name(hit),
        birth_on=person.birth_on,
        birth_is_marked=bool(hit.birth_fits),
        enp=_enp(hit),
        where=[str(place) for place in (person.insurer, person.provider) if place],
        why=_why(hit),
    )


def advice(query: Query, found: Found) -> str:
    """Return the next step in one or two sentences: what to add when too many fit, what to check when nobody does."""
    if query.complaint and not found.hits:
        return query.complaint
    if found.has_more:
        return f"Показаны первые {SCREEN}. {_to_narrow(query)}"
    if found.hits:
        return query.complaint
    if query.numbers and not query.words:
        return "Проверьте цифры или найдите человека по фамилии и дате рождения."
    if len(query.words) == 1 and not query.birth:
        return "Нужны фамилия и имя, лучше с датой рождения: по ней находится и имя с ошибкой."
    if not query.birth:
        return "Спросите дату рождения или номер полиса: по ним находится и имя с ошибкой."
    return "Проверьте дату рождения или спросите номер полиса. Возможно, человек застрахован в другой организации."


def _to_narrow(query: Query) -> str:
    if not query.birth:
        return "Уточните: добавьте дату рождения."
    if not query.words:
        return "Уточните: добавьте фамилию."
    return "Уточните: добавьте имя и отчество."


def marked(text: str, span: tuple[int, int] | None) -> SafeString:
    """Return the text with the span inside <mark>, everything escaped.

    >>> marked("Соловьёва-Седая", (10, 15))
    'Соловьёва-<mark>Седая</mark>'
    """
    if not span or span[0] >= span[1]:
        return format_html("{}", text)
    start, end = span
    return format_html("{}<mark>{}</mark>{}", text[:start], text[start:end], text[end:])


def _full_name(hit: Hit) -> SafeString:
    person, marks = hit.person, hit.verdict.marks
    names = [
        marked(text, marks.get(kind))
        for kind, text in (
            (Name.SURNAME, person.surname),
            (Name.GIVEN, person.given_name),
            (Name.PATRONYMIC, person.patronymic),
        )
        if text
    ]
    return format_html("{}" + " {}" * (len(names) - 1), *names)


def _enp(hit: Hit) -> SafeString:
    number = hit.person.enp or ""
    guess = next((guess for guess, _ in hit.numbers if guess.field is Field.ENP), None)
    if guess is None:
        return format_html("{}", enp.mask(number))
    shown = number if guess.how is not How.ENDS else f"•••• {number[-max(4, len(guess.digits)) :]}"
    place = shown.rfind(guess.digits)
    return marked(shown, (place, place + len(guess.digits)) if place >= 0 else None)


def _why(hit: Hit) -> list[str]:
    verdict = hit.verdict
    why = [f"прежняя фамилия {verdict.former}"] if verdict.former else []
    why += [ALIKE[kind] for kind in verdict.alike if kind in ALIKE]
    if Name.FORMER in verdict.alike:
        why.append("похоже на прежнюю фамилию")
    seen = set()
    for guess, number in hit.numbers:
        if guess.field not in seen and guess.field is not Field.ENP:
            why.append(_number(guess, number))
        seen.add(guess.field)
    if verdict.unmatched:
        why.append("имя другое" if hit.numbers else "совпало не всё")
    if hit.birth_fits is False:
        why.append("дата рождения другая")
    return why


def _number(guess: Guess, number: str) -> str:
    """Return the number as far as the asker has shown that she knows it."""
    if guess.field is Field.PHONE:
        shown = "+" + number
        return f"телефон {phones.show(shown) if guess.how is How.WHOLE else phones.mask(shown)}"
    if guess.field is Field.SNILS:
        return f"СНИЛС {snils.show(number) if guess.how is How.WHOLE else snils.mask(number)}"
    if guess.field is Field.DOCUMENT:
        return f"документ •••• {number[-4:]}"
    return f"{guess.field.value} •••• {number[-4:]}"
