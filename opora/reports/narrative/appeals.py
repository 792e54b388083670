"""Sections about all appeals: the main thing, kinds, topics, channels, who considered them."""

from opora.classifiers.words import Kind
from opora.reports.narrative.change import MORE, changed, tail, trend
from opora.reports.narrative.dates import Called
from opora.reports.narrative.grammar import ANSWER, APPEAL, CAME, COMPLAINT, GIVEN, TIME, N, sentence, tidy
from opora.reports.narrative.numbers import SMALL, amount, came, is_rounded, share_said, shares_said
from opora.reports.narrative.tale import DASH, Named, Tale, largest_first, leader, lines, movers, named
from opora.reports.narrative.text import Section
from opora.reports.narrative.words import KINDS, WAYS
from opora.shared.typography import quoted

INSURERS = "страховые медицинские организации"


def main(tale: Tale) -> Section:
    """How many came, what most of them are, complaints, answers in time: what a reader in a hurry takes away."""
    parts = [_total(tale)]
    if tale.analysis.total.now:
        parts += [_composition(tale), _complaints(tale), _in_time(tale)]
    return Section("Главное", (" ".join(sentence(part) for part in parts if part),))


def _total(tale: Tale) -> str:
    analysis, total = tale.analysis, tale.analysis.total
    where = f"в контакт-центр {tidy(analysis.organisation.genitive)}"
    if analysis.by_insurers:
        where += f" и {INSURERS}"
    if not total.now:
        return f"{tale.now.when} {where} обращений не поступало{_had_been(total.former, tale.former)}"
    exact = f" ({amount(total.now)})" if is_rounded(total.now) and total.now % 1000 else ""
    return f"{tale.now.when} {where} {came(CAME, total.now, APPEAL)}{exact}{tail(total, APPEAL, tale.former)}"


def _had_been(former: int | None, called: Called) -> str:
    if former is None:
        return ""
    return f"; {called.when} их было {amount(former)}" if former else f"; не было их и {called.when}"


def _composition(tale: Tale) -> str:
    total = tale.analysis.total.now
    found = [(KINDS[kind], count.now) for kind, count in tale.analysis.kinds.items() if count.now]
    found.sort(key=lambda pair: -pair[1])
    if not found:
        return ""
    noun, number = found[0]
    if len(found) == 1 and number == total:
        return f"это {noun.one}" if total == 1 else f"все они{DASH}{noun.plural}"
    if total < SMALL:
        words = [noun.counted(number) for noun, number in found]
        return f"из них {' и '.join([', '.join(words[:-1]), words[-1]] if len(words) > 1 else words)}"
    most = "основная часть" if 2 * number > total else "чаще всего это"
    return (
        f"{most}{DASH if 2 * number > total else ' '}{noun.plural}: {amount(number)}, или {share_said(number, total)}"
    )


def _complaints(tale: Tale) -> str:
    found = tale.analysis.complaints
    if found is None:
        return ""
    received, justified = found.received.now, found.justified.now
    if not received:
        return "жалоб не было"
    head = f"{CAME.before(received, COMPLAINT)} {COMPLAINT.counted(received)}"
    if not found.decided.now:
        return head
    if not justified:
        return f"{head}; среди рассмотренных обоснованных нет"
    return f"{head}; среди рассмотренных обоснованных{DASH}{'одна' if justified == 1 else amount(justified)}"


def _in_time(tale: Tale) -> str:
    found = tale.analysis.timeliness
    if found is None or not found.answered.now:
        return ""
    answered, in_time = found.answered.now, found.in_time.now
    if answered == 1:
        return "ответ дан в срок" if in_time else "ответ дан позже срока"
    if in_time == answered:
        return "все ответы даны в срок"
    if answered < SMALL:
        return f"в срок {GIVEN.before(in_time, ANSWER)} {ANSWER.counted(in_time)} из {amount(answered)}"
    return f"в срок дано {share_said(in_time, answered)} ответов"


def kinds(tale: Tale) -> Section | None:
    total = tale.analysis.total.now
    by_kind = largest_first((str(kind), count) for kind, count in tale.analysis.kinds.items())
    if total < SMALL or len(by_kind) < 2:
        return None
    paragraphs = [_moved_kinds(tale, by_kind), _legend(tale)]
    lists: list[tuple[str, ...]] = [(), lines([(KINDS[Kind(kind)].plural, count) for kind, count in by_kind], total)]
    if not paragraphs[0]:
        paragraphs, lists = paragraphs[1:], lists[1:]
    if forms := _forms(tale):
        paragraphs.append(forms)
    return Section("Виды обращений", tuple(paragraphs), tuple(lists))


def _moved_kinds(tale: Tale, by_kind: list[Named]) -> str:
    grown, fallen = movers(by_kind)
    moved = [item for item in (grown, fallen) if item]
    moved.sort(key=lambda item: -abs(item[1].now - (item[1].former or 0)))
    if not moved:
        return ""
    of = [KINDS[Kind(kind)].many for kind, _ in moved]
    how = "прибавилось" if trend(moved[0][1]) in MORE else "убавилось"
    head = f"больше всего {how} {of[0]}: {changed('их число', N, moved[0][1], tale.voice)}"
    if len(moved) == 1:
        return sentence(head)
    return f"{sentence(head)} {sentence(changed(f'число {of[1]}, наоборот,', N, moved[1][1], tale.voice))}"


def _legend(tale: Tale) -> str:
    shares = f"В скобках{DASH}доля от всех обращений"
    return f"{shares}, далее{DASH}сравнение {tale.former.beside}:" if tale.compares else f"{shares}:"


def _forms(tale: Tale) -> str:
    oral, written = tale.analysis.oral, tale.analysis.written
    if oral is None or written is None or not oral.now or not written.now:
        return ""
    return sentence(f"устно обратились {TIME.counted(oral.now)}, письменно{DASH}{amount(written.now)}")


def topics(tale: Tale) -> Section | None:
    found = largest_first(named(tale.analysis.topics))
    total = tale.analysis.total.now
    if not found or not total:
        return None
    head = [_first_topic(found, tale), *_moved_topics(found)]
    paragraphs = [" ".join(sentence(part) for part in head if part), "Темы по числу обращений:"]
    lists: list[tuple[str, ...]] = [(), lines([(name, count) for name, count in found], total)]
    if not paragraphs[0]:
        paragraphs, lists = paragraphs[1:], lists[1:]
    covered = sum(count.now for _, count in found)
    if total >= SMALL and covered < total:
        paragraphs.append(sentence(f"на эти темы пришлось {share_said(covered, total)} обращений"))
    return Section("О чём спрашивали", tuple(paragraphs), tuple(lists))


def _first_topic(found: list[Named], tale: Tale) -> str:
    first = leader(found)
    if first is None:
        return ""
    name, count = first
    total = tale.analysis.total.now
    of_all = f", {share_said(count.now, total)} всех" if total >= SMALL else ""
    return f"чаще всего обращались на тему {quoted(name)}: {_times(count.now)}{of_all}"


def _times(number: int) -> str:
    return TIME.counted(number)


def _moved_topics(found: list[Named]) -> list[str]:
    grown, fallen = movers(found)
    first = leader(found)
    said = []
    for item, verb in ((grown, "прибавила"), (fallen, "потеряла")):
        if item:
            which = f"она же больше других {verb}" if item == first else f"больше других {verb} тема {quoted(item[0])}"
            now, former = APPEAL.counted(item[1].now), amount(item[1].former or 0)
            said.append(f"{which}: {now} против {former} годом раньше")
            first = None
    return said


def channels(tale: Tale) -> Section | None:
    total = tale.analysis.total.now
    by_channel = largest_first((str(channel), count) for channel, count in tale.analysis.channels.items())
    if not total or not by_channel:
        return None
    ways = {str(channel): WAYS[channel] for channel in tale.analysis.channels}
    code, count = by_channel[0]
    if count.now == total:
        came_all = "обращение пришло" if total == 1 else "все обращения пришли"
        return Section("Как обращались", (sentence(f"{came_all} {ways[code].through}"),))
    first = leader(by_channel)
    head = ""
    if first:
        of_all = f", {share_said(count.now, total)} всех обращений" if total >= SMALL else ""
        head = sentence(f"чаще всего обращались {ways[code].through}: {_times(count.now)}{of_all}")
    items = lines([(ways[code].name, count) for code, count in by_channel], total)
    return _listed("Как обращались", head, "По способам:", items)


def performers(tale: Tale) -> Section | None:
    fund, insurers = tale.analysis.by_fund, largest_first(named(tale.analysis.by_insurers))
    if fund is None or not insurers or not tale.analysis.total.now:
        return None
    by_insurers = sum(count.now for _, count in insurers)
    both = fund.now + by_insurers
    if not both:
        return None
    shares = [f" ({part})" if part else "" for part in shares_said([fund.now, by_insurers], both)]
    if not by_insurers:
        head = "все обращения рассматривал фонд" if fund.now == tale.analysis.total.now else ""
    elif not fund.now:
        head = f"обращения рассматривали {INSURERS}"
    else:
        them = insurers[0][0] if len(insurers) == 1 else INSURERS
        head = f"фонд рассматривал {APPEAL.counted(fund.now)}{shares[0]}, {them}{DASH}{amount(by_insurers)}{shares[1]}"
    ours = (tidy(tale.analysis.organisation.nominative), fund)
    if len(insurers) == 1 and not tale.compares and head:
        return Section("Кто рассматривал", (sentence(head),))
    items = lines(largest_first([ours, *insurers]), both)
    return _listed("Кто рассматривал", sentence(head) if head else "", "По организациям:", items)


def _listed(heading: str, head: str, legend: str, items: tuple[str, ...]) -> Section:
    return Section(heading, (head, legend), ((), items)) if head else Section(heading, (legend,), (items,))


def counting(tale: Tale) -> Section:
    """What was counted and how it was rounded."""
    said = [f"учтены обращения, которые поступили {tale.now.days}"]
    said.append(
        f"сравнение{DASH}{tale.former.beside}"
        if tale.compares
        else f"данных за {tale.former.during} нет, поэтому сравнения нет"
    )
    if tale.analysis.total.now < SMALL:
        said.append(f"обращений меньше {SMALL}, поэтому проценты не приводятся")
    else:
        said.append(f"доли и проценты округлены до десятых; где одно из чисел меньше {SMALL}, проценты не приводятся")
    return Section("Как посчитано", (" ".join(sentence(part) for part in said),))
