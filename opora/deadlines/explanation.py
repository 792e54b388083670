"""«Почему эта дата» — the proof of a clock in plain words."""

from datetime import date

from opora.deadlines.clock import Clock, DayOff, Stretch
from opora.shared.typography import plural


def explain(clock: Clock) -> list[str]:
    """Return sentences: the rule, the start, each stretch of days, the move off a day off, the versions used."""
    lines = [
        f"{clock.term.title}: {_length(clock)}. Основание: {clock.term.clause.rstrip('.')}.",
        f"Начало: {clock.term.start}, {_day(clock.started_on)} — этот день не считается.",
        *[_stretch(stretch) for stretch in clock.stretches],
    ]
    if clock.was_moved:
        where = "раньше" if clock.term.day_off is DayOff.EARLIER else "на ближайший рабочий день"
        lines.append(
            f"{_day(clock.counted_to)} — день нерабочий, поэтому срок переносится {where}: {_day(clock.due_on)}."
        )
    lines.append(f"Последний день: {_day(clock.due_on)}.")
    if clock.is_provisional:
        lines.append("Календарь этого года ещё не утверждён: дата предварительная.")
    lines.append(f"Календарь {clock.calendar}, пак {clock.term.pack}.")
    return lines


def _length(clock: Clock) -> str:
    length = f"{clock.length} {clock.term.unit.after(clock.length)}"
    added = clock.length - clock.term.length
    return length + (f", из них {added} по продлению" if added else "")


def _stretch(stretch: Stretch) -> str:
    span = _day(stretch.since) if stretch.days == 1 else f"{_day(stretch.since)} – {_day(stretch.until)}"
    act = "считаем" if stretch.is_counted else "пропускаем"
    return f"{span}: {act} {stretch.days} {plural(stretch.days, 'день', 'дня', 'дней')} — {stretch.why}."


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
