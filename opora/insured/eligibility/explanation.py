"""A decision in sentences: why so, for the page, the API and the criticism of lists; and the one to say aloud. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from opora.insured.eligibility.book import Book
from opora.insured.eligibility.deciding import Decision
from opora.insured.eligibility.words import EXCLUSION_WORDS, Measure, Reason, Status
from opora.shared.dates import show
from opora.shared.typography import NBSP, counted

ADULT = 18
UNKNOWN = "Был ли человек на осмотре, мы не знаем: спросите."


def explain(found: Decision, book: Book, on: date) -> str:
    """Return why it is so, with the rule and its source."""
    measure = found.measure
    name = _capital(measure.words)
    turns = f"в {found.year} году исполняется {counted(found.age, 'год', 'года', 'лет')}"
    due = _capital(measure.form("положен", "положена"))
    match found.reason:
        case Reason.DUE if found.rule:
            return f"{due} {measure.words}: {turns}, {found.rule.words} ({_clause(found)})."
        case Reason.LISTED if found.rule and found.known_on:
            wait = _wait(found, on)
            return f"{due} {measure.words}: человек в списке от {show(found.known_on)} ({_clause(found)}).{wait}"
        case Reason.BY_LIST if found.rule:
            return f"{name} — только по списку: {found.rule.by_list}. В списках, которые у нас есть, человека нет."
        case Reason.PASSED | Reason.PASSED_WITHIN:
            return _passed(found, book)
        case Reason.NO_RULES:
            return f"{name}: на {show(on)} правил нет ни в одном паке."
        case Reason.TOO_YOUNG:
            youngest = min(rule.ages[0] for rule in book.of(measure, on))
            return f"{name} — с года, в котором исполняется {counted(youngest, 'год', 'года', 'лет')}; {turns}."
        case Reason.OTHER_YEAR:
            rules = _rules(book, measure, on, found.age)
            return f"{name} в этом году не {measure.form('положен', 'положена')}: {turns}, {rules}.{_next(found)}"
        case Reason.NOT_CONCERNED:
            rules = _rules(book, measure, on)
            return f"{name} не {measure.form('положен', 'положена')}: {turns}, а правила такие: {rules}."
        case Reason.NOT_FOLLOWED:
            before = book.follows[measure]
            return f"{name} бывает после того, как пройдена {before.words}: в этом году она не положена и не пройдена."
        case Reason.REFUSED if found.known_on:
            return f"{name}: {show(found.known_on)} человек отказался письменно. Сообщаем только по его просьбе."
    return f"{name} — не предлагаем: {EXCLUSION_WORDS.get(found.reason, found.reason)}."


def aloud(decisions: Collection[Decision], *, visits_are_known: bool = False) -> str:
    """Return what to say aloud; nothing where nothing may be said (the dead, those without a policy)."""
    by = {one.measure: one for one in decisions}
    screening, checkup, fertility = by[Measure.SCREENING], by[Measure.CHECKUP], by[Measure.FERTILITY]
    if checkup.age < ADULT and checkup.status is not Status.EXCLUDED:
        return "Диспансеризация взрослых начинается с года, в котором исполнится 18 лет; детей осматривает педиатр."
    if screening.status is Status.PASSED and screening.known_on:
        return f"В этом году диспансеризация пройдена {show(screening.known_on)}."
    if checkup.status is Status.PASSED and checkup.known_on:
        return f"В этом году профосмотр пройден {show(checkup.known_on)}."
    if checkup.reason is Reason.REFUSED:
        return "От осмотров в этом году человек отказался письменно: говорите о них, если спросит сам."
    if checkup.status is Status.EXCLUDED:
        return ""
    if Status.DUE not in {checkup.status, screening.status}:
        return "Правил осмотров на этот год в программе нет. Уточните в поликлинике."
    beside = " и проверка репродуктивного здоровья" if fertility.status is Status.DUE else ""
    if screening.status is Status.DUE:
        said = f"В этом году положена диспансеризация{beside}."
    else:
        later = f", диспансеризация — в {screening.due_year} году" if screening.due_year else ""
        said = f"В этом году положен профосмотр{beside}{later}."
    return said if visits_are_known else f"{said} {UNKNOWN}"


def _passed(found: Decision, book: Book) -> str:
    done = found.measure.form("пройден", "пройдена")
    day = show(found.known_on) if found.known_on else "в этом году"
    if found.reason is Reason.PASSED_WITHIN:
        others = ", ".join(sorted(other.words for other in book.within[found.measure]))
        return f"{_capital(found.measure.words)} {done} {day}: входит в другое мероприятие ({others}).{_next(found)}"
    return f"{_capital(found.measure.words)} {done} {day}.{_next(found)}"


def _rules(book: Book, measure: Measure, on: date, age: int | None = None) -> str:
    """Return the rules of a measure in words, those for everybody if there are any; of an age when it is given."""
    found = [rule for rule in book.of(measure, on) if age is None or rule.ages[0] <= age <= rule.ages[1]]
    common = [rule for rule in found if not rule.categories] or found
    return "; ".join(dict.fromkeys(rule.words for rule in common))


def _clause(found: Decision) -> str:
    return found.rule.clause.replace("п. ", f"п.{NBSP}") if found.rule else ""


def _next(found: Decision) -> str:
    return f" Следующий раз — в {found.due_year} году." if found.due_year else ""


def _wait(found: Decision, on: date) -> str:
    if found.earliest_on and found.earliest_on > on:
        return f" Приглашать не раньше {show(found.earliest_on)}."
    return ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
