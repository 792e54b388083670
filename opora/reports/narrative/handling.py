"""Sections about what became of appeals: complaints and their reasons, measures, answers in time."""

from decimal import Decimal

from opora.reports.narrative.analysis import Complaints, Count, Item, Measure, Timeliness
from opora.reports.narrative.change import tail
from opora.reports.narrative.grammar import (
    ANSWER,
    CAME,
    COMPLAINT,
    CONSIDERED,
    FALLEN,
    GIVEN,
    GROWN,
    JUSTIFIED,
    SATISFIED,
    SETTLED,
    Gender,
    sentence,
    tidy,
)
from opora.reports.narrative.numbers import SMALL, TENTH, amount, percent, points, share, share_said, shares_said
from opora.reports.narrative.tale import DASH, Tale, line
from opora.reports.narrative.text import Section
from opora.reports.narrative.words import MEASURES
from opora.shared.typography import NBSP, plural, quoted, thousands


def complaints(tale: Tale) -> Section | None:
    found = tale.analysis.complaints
    if found is None:
        return None
    head = [_received(found, tale), *_decided(found, tale), _pending(found.pending)]
    paragraphs = [" ".join(sentence(part) for part in head if part)]
    lists: list[tuple[str, ...]] = [()]
    reasons = [reason for reason in found.reasons if reason.count.now]
    reasons.sort(key=lambda reason: -reason.count.now)
    if found.justified.now and reasons:
        legend, items = _reasons(reasons, found.justified.now)
        paragraphs.append(legend)
        lists.append(items)
    if outcome := _settled(found):
        paragraphs.append(outcome)
    return Section("Жалобы", tuple(paragraphs), tuple(lists))


def _received(found: Complaints, tale: Tale) -> str:
    count = found.received
    if count.now:
        return (
            f"{CAME.before(count.now, COMPLAINT)} {COMPLAINT.counted(count.now)}{tail(count, COMPLAINT, tale.former)}"
        )
    if count.former is None:
        return f"{tale.now.when} жалоб не было"
    before = f"{tale.former.when}{DASH}{amount(count.former)}" if count.former else f"не было их и {tale.former.when}"
    return f"{tale.now.when} жалоб не было; {before}"


def _decided(found: Complaints, tale: Tale) -> list[str]:
    decided, justified = found.decided.now, found.justified.now
    if not decided:
        return []
    head = f"{CONSIDERED.before(decided, COMPLAINT)} {COMPLAINT.counted(decided)}"
    if decided == 1:
        return [f"{head}, она признана {'обоснованной' if justified else 'необоснованной'}"]
    if not justified:
        return [f"{head}, обоснованных среди них нет"]
    if justified == decided:
        return [f"{head}, все признаны обоснованными"]
    is_one = plural(justified, "1", "2", "5") == "1"
    admitted = "обоснованной признана" if is_one else "обоснованными признаны"
    of_all = f" ({share_said(justified, decided)})" if decided >= SMALL else ""
    number = "одна" if justified == 1 else amount(justified)
    return [
        f"{head}, {admitted} {number}{of_all}",
        share_moved("доля обоснованных", found.justified, found.decided, tale),
    ]


def share_moved(subject: str, part: Count, whole: Count, tale: Tale) -> str:
    """Return how a share has moved, in percentage points between the rounded shares; ``subject`` is feminine.

    Nothing where either whole is small or a rounded share would say «none» or «all» untruly.
    """
    if part.former is None or whole.former is None or min(whole.now, whole.former) < SMALL:
        return ""
    now, former = share(part.now, whole.now), share(part.former, whole.former)
    if _is_untrue(now, part.now, whole.now) or _is_untrue(former, part.former, whole.former):
        return ""
    if now == former:
        return f"{subject} та же, что {tale.former.when}: {percent(now)}"
    verb = tale.voice.verb(GROWN if now > former else FALLEN, Gender.FEMININE)
    return f"{subject} {verb} на {points(now - former)}, с{NBSP}{amount(former)} до{NBSP}{percent(now)}"


def _is_untrue(rounded: Decimal, part: int, whole: int) -> bool:
    return (rounded == 0 and part > 0) or (rounded == 100 and part < whole)


def _pending(number: int | None) -> str:
    if not number:
        return ""
    goes_on = "рассматривается" if plural(number, "1", "2", "5") == "1" else "рассматриваются"
    return f"ещё {COMPLAINT.counted(number)} {goes_on}"


def _reasons(reasons: list[Item], justified: int) -> tuple[str, tuple[str, ...]]:
    """Return the legend of the list and its lines. One reason for all needs no list."""
    total = sum(reason.count.now for reason in reasons)
    if len(reasons) == 1 and total == justified and not reasons[0].parts:
        whose = "причина обоснованной жалобы" if justified == 1 else "причина у всех обоснованных жалоб одна"
        return sentence(f"{whose}{DASH}{quoted(tidy(reasons[0].name))}"), ()
    shares = shares_said([reason.count.now for reason in reasons], total)
    several = f"У жалобы бывает несколько причин, всего их {amount(total)}. " if total > justified else ""
    about = f" (в скобках{DASH}доля среди причин)" if any(shares) else ""
    return f"{several}Причины обоснованных жалоб{about}:", tuple(
        line(tidy(reason.name), reason.count, part) + _parts(reason)
        for reason, part in zip(reasons, shares, strict=True)
    )


def _parts(reason: Item) -> str:
    named = [f"{tidy(part.name)}{DASH}{amount(part.count.now)}" for part in reason.parts if part.count.now]
    return f"; в том числе {', '.join(named)}" if named else ""


def _settled(found: Complaints) -> str:
    justified, settled = found.justified.now, found.settled
    said = []
    if justified and settled == justified:
        all_ = "обоснованная жалоба урегулирована" if justified == 1 else "все обоснованные жалобы урегулированы"
        said.append(f"{all_} до суда")
    elif settled:
        head = f"до суда {SETTLED.before(settled, JUSTIFIED)} {JUSTIFIED.counted(settled)}"
        said.append(f"{head} из {amount(justified)}")
    if found.in_court:
        said.append(f"в суде {SATISFIED.before(found.in_court, COMPLAINT)} {COMPLAINT.counted(found.in_court)}")
    return " ".join(sentence(part) for part in said)


def measures(tale: Tale) -> Section | None:
    items = [words for measure in tale.analysis.measures if (words := _measure(measure))]
    return Section("Что сделано", ("По итогам рассмотрения обращений:",), (tuple(items),)) if items else None


def _measure(measure: Measure) -> str:
    """Return a line of the list, nothing for a zero. A fraction takes the genitive: «154 200,5 рубля»."""
    if measure.sentence:
        return tidy(measure.sentence)
    if not measure.amount:
        return ""
    deed, whole = MEASURES[measure.code], int(measure.amount)
    if measure.amount % 1:
        kopecks = Decimal(measure.amount).quantize(Decimal("0.01"))
        number, verb = f"{thousands(kopecks)}{NBSP}{deed.noun.few}", deed.verb.n
    else:
        number, verb = deed.noun.counted(whole), deed.verb.before(whole, deed.noun)
    if deed.is_about_people:
        return f"{number} {verb if verb != deed.verb.n else deed.verb.pl} {deed.tail}"
    return " ".join(part for part in (deed.head, verb, number, deed.tail) if part)


def timeliness(tale: Tale) -> Section | None:
    found = tale.analysis.timeliness
    if found is None or not found.answered.now:
        return None
    said = [_in_time(found), share_moved("доля ответов в срок", found.in_time, found.answered, tale)]
    if found.at_once and found.answered.now > 1:
        of_all = f" ({share_said(found.at_once, found.answered.now)})" if found.answered.now >= SMALL else ""
        said.append(
            f"сразу, при обращении, {GIVEN.before(found.at_once, ANSWER)} {ANSWER.counted(found.at_once)}{of_all}"
        )
    said.append(_mean(found, tale))
    return Section("Сроки ответа", (" ".join(sentence(part) for part in said if part),))


def _in_time(found: Timeliness) -> str:
    answered, in_time = found.answered.now, found.in_time.now
    if answered == 1:
        return f"дан один ответ, {'в срок' if in_time else 'позже срока'}"
    head = f"{GIVEN.before(answered, ANSWER)} {ANSWER.counted(answered)}"
    if in_time in {0, answered}:
        return f"{head}, все{DASH}{'в срок' if in_time else 'позже срока'}"
    of_all = f" ({share_said(in_time, answered)})" if answered >= SMALL else ""
    return f"{head}, в срок{DASH}{amount(in_time)}{of_all}"


def _mean(found: Timeliness, tale: Tale) -> str:
    if found.mean_days is None:
        return ""
    now = found.mean_days.quantize(TENTH)
    subject = "средний срок письменного ответа"
    if found.former_mean_days is None:
        return f"{subject}{DASH}{_days(now)}"
    former = found.former_mean_days.quantize(TENTH)
    if former == now:
        return f"{subject}, как и годом раньше,{DASH}{_days(now)}"
    verb = tale.voice.verb(GROWN if now > former else FALLEN, Gender.MASCULINE)
    return f"{subject} {verb} с{NBSP}{amount(former)} до{NBSP}{_days(now, genitive=True)}"


def _days(value: Decimal, *, genitive: bool = False) -> str:
    """Return days after «—» or, in the genitive, after «до»: «9,4 дня», «до 21 дня», «до 9 дней»."""
    if value % 1:
        noun = "дня"
    elif genitive:
        noun = plural(int(value), "дня", "дней", "дней")
    else:
        noun = plural(int(value), "день", "дня", "дней")
    return f"{amount(value)}{NBSP}{noun}"
