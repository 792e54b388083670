"""Whether appeals are answered round the clock: what the directory says and what the journal shows."""

from __future__ import annotations

from opora.organisations.models import HotLine, Organisation
from opora.reports.cube import Question, cube
from opora.reports.measures.registry import Asked, Measured, measure
from opora.reports.models.facts import NOBODY
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject
from opora.shared.typography import counted, thousands

HOURS = 24


@measure("lines.round_the_clock", beside="горячие линии в справочнике")
def round_the_clock(asked: Asked) -> Measured:
    """«да», when a hot line is round the clock in the directory; the note says how many hours had calls."""
    lines = HotLine.objects.filter(organisation__in=organisations(asked.subject)).values_list("is_round_the_clock")
    whole = len(lines)
    always = sum(flag for (flag,) in lines)
    hours = _hours(asked)
    said = f"Горячих линий {whole}, из них круглосуточных {always}. "
    said += (
        f"Обращения по телефону приняты в {len(hours)} из {HOURS} часов суток, всего {thousands(sum(hours.values()))}."
    )
    if always and len(hours) < HOURS:
        said += " Линия записана круглосуточной, но в части часов никто не позвонил."
    return Measured("да" if always else "нет", said)


@measure("lines.hours", of=("appeals",))
def hours(asked: Asked) -> Measured:
    """Hours of the day in which calls were answered, 0 to 24."""
    found = _hours(asked)
    night = sum(count for hour, count in found.items() if hour < 8 or hour >= 20)
    return Measured(len(found), f"Ночью, с 20 до 8 часов, — {counted(night, 'обращение', 'обращения', 'обращений')}.")


def organisations(subject: Subject) -> list[int]:
    """Return the organisations whose work a subject is: an insurer with its branches, the fund, or all of them."""
    if subject.insurer == NOBODY:
        found = Organisation.objects.filter(kind=Organisation.Kind.FUND, territory=subject.territory)
    elif subject.insurer is None:
        kinds = [Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH]
        found = Organisation.objects.filter(kind__in=kinds, territory=subject.territory)
    else:
        return insurers(subject) or [NOBODY]
    return list(found.values_list("pk", flat=True))


def insurers(subject: Subject) -> list[int] | None:
    """Return the insurer with its branches; None — everybody's people are counted."""
    if subject.insurer is None:
        return None
    whole = Organisation.objects.filter(pk=subject.insurer) | Organisation.objects.filter(parent=subject.insurer)
    return list(whole.values_list("pk", flat=True))


def _hours(asked: Asked) -> dict[int, int]:
    key = f"hours {asked.days}"
    if key not in asked.memory:
        question = Question(SOURCES["appeals"], asked.subject, "insurer", "registered", asked.days, asked.seal)
        found: dict[int, int] = {}
        for group in cube(question, {"registered_hour", "channel"}).fitting({"channel": "hot_line"}):
            hour = group.values["registered_hour"]
            found[hour] = found.get(hour, 0) + group.count
        asked.memory[key] = found
    told: dict[int, int] = asked.memory[key]
    return told
