"""Accounts of clinics for the care they gave (D, H, C files with their L file; order 79 of the federal fund).

Elements that nobody here needs — diagnoses, services, sums, documents, telephones — are not in the trees: they are
passed over while a file is read and reach neither memory nor tables. See docs/formats/accounts.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context, bare_name
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats.accounts_people import joined, read_people
from opora.exchange.lists.accounts_codes import NOT_NEWBORN, OBSERVATION, RESULTS, Kind, kind_of, period_of
from opora.exchange.people import name_faults, policy_faults, repeats
from opora.exchange.tree import DAY, NUMBER, Node, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.treereader import read_tree
from opora.exchange.xmllist import OLDEST, finding, in_order, snils_doubts, warning
from opora.exchange.xmlpair import Part, opened, parts_of, refuse_dangerous
from opora.shared import enp
from opora.shared.tables.errors import TableRefused

MOST_RECORDS = 100_000
FILE = "@file"


def tree_of(schet: tuple[Node, ...], case: tuple[Node, ...]) -> Tree:
    """The tree of a file of cases: what all of them have, and what a kind adds to the account and to the case."""
    header = block(
        "ZGLV",
        "1",
        leaf("VERSION", "0..1", text(1, 5)),
        leaf("DATA", "0..1", DAY),
        leaf("FILENAME", "1", text(1, 40)),
        leaf("SD_Z", "0..1", NUMBER),
    )
    account = block(
        "SCHET",
        "1",
        leaf("CODE_MO", "1", text(1, 8)),
        leaf("YEAR", "1", like(r"20\d\d", "год")),
        leaf("MONTH", "1", like(r"0?[1-9]|1[0-2]", "месяц от 1 до 12")),
        *schet,
    )
    patient = block(
        "PACIENT",
        "1",
        leaf("ID_PAC", "1", text(1, 36)),
        leaf("VPOLIS", "0..1", text(0, 1)),
        leaf("SPOLIS", "0..1", text(0, 20)),
        leaf("NPOLIS", "0..1", text(0, 20)),
        leaf("ENP", "0..1", text(0, 16)),
        leaf("SMO", "0..1", text(0, 5)),
        leaf("NOVOR", "0..1", text(0, 9)),
    )
    closed = block(
        "Z_SL",
        "1",
        leaf("IDCASE", "1", text(1, 36)),
        leaf("LPU", "0..1", text(0, 8)),
        leaf("DATE_Z_1", "1", DAY),
        leaf("DATE_Z_2", "1", DAY),
        *case,
    )
    record = block("ZAP", f"1..{MOST_RECORDS}", leaf("PR_NOV", "0..1", codes("0", "1")), patient, closed)
    return Tree(block("ZL_LIST", "1", header, account, record), "ZAP", "IDCASE", ordered=False, is_open=True)


CHECKUPS = tree_of(
    (leaf("DISP", "1", text(1, 3)),),
    (
        leaf("P_OTK", "0..1", codes("0", "1", may_be_empty=True)),
        leaf("RSLT_D", "0..1", text(0, 3)),
    ),
)
CARE = tree_of(
    (),
    (
        block(
            "SL",
            "1..n",
            leaf("P_CEL", "0..1", text(0, 4)),
            leaf("DATE_1", "1", DAY),
            leaf("DATE_2", "1", DAY),
        ),
    ),
)


class Accounts:
    """An archive of two files: closed cases, and people. Taken record by record."""

    slug: str
    title: str
    tree: Tree
    is_atomic = False

    def recognises(self, path: Path) -> bool:
        return any(self.is_mine(part) for part in parts_of(path))

    def is_mine(self, part: Part) -> bool:
        raise NotImplementedError

    def read(self, path: Path) -> Content:
        refuse_dangerous(path)
        parts = parts_of(path)
        cases = [part for part in parts if is_account(part)]
        people = [part for part in parts if part.head.root == "PERS_LIST"]
        if not cases:
            raise TableRefused("Это файл людей без файла случаев: загрузите оба файла счёта одним архивом.")
        if len(cases) > 1 or len(people) > 1:
            raise TableRefused("В архиве несколько счетов: загрузите каждый своим архивом, файл случаев и файл людей.")
        with opened(path, cases[0]) as stream:
            content = read_tree(stream, self.tree)
        content.header[FILE] = cases[0].name or path.name
        mentioned = {record.values.get("ID_PAC", "") for record in content.records}
        content.header["@cases"] = str(len(content.records))
        self.leave_out(content)
        if not people:
            sentence = "В архиве нет файла людей (его имя начинается с L): без него не видно, о ком счёт"
            content.findings.append(Finding("FILE", sentence))
            return content
        joined(content, read_people(path, people[0]), mentioned)
        return content

    def leave_out(self, content: Content) -> None:
        """Drop the cases that are none of our business."""

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from _header(content, context)
        yield from self.of_account(content)
        yield from repeats(content.records, "IDCASE", "Такой случай в этом файле уже был")
        for record in content.records:
            yield from _person(record, context)
            yield from self.of_case(record, context)

    def of_account(self, content: Content) -> Iterator[Finding]:
        yield from ()

    def of_case(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from in_order(record, "DR", "DATE_Z_1", "DATE_Z_2")
        yield from _past(record, context, "DATE_Z_1", "DATE_Z_2")

    def broken(self, sentence: str) -> Finding:
        return Finding("FILE", sentence)


class AccountsOfCheckups(Accounts):
    """Files D: one kind of check-up each (``DISP``), one closed case for a person."""

    slug = "accounts-checkups"
    title = "Счёт за диспансеризацию и осмотры (файл D)"
    tree = CHECKUPS

    def is_mine(self, part: Part) -> bool:
        return is_account(part) and _begins(part, "D")

    def recognises(self, path: Path) -> bool:
        """People without cases come here too, to be told what they lack."""
        parts = parts_of(path)
        are_people = bool(parts) and all(part.head.root == "PERS_LIST" for part in parts)
        return are_people or super().recognises(path)

    def of_account(self, content: Content) -> Iterator[Finding]:
        code = content.header.get("DISP", "")
        kind = kind_of(code)
        if not code:
            return  # the tree has said so
        if kind is None:
            yield Finding("DISP", f"Вид осмотра «{code}» не известен")
        elif kind.measure is None:
            yield Finding("DISP", f"{kind.title} ({kind.code}): на это не приглашают, посещения не нужны")
        else:
            yield from _prefix(content, kind)

    def of_case(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from super().of_case(record, context)
        if record.values.get("P_OTK") == "1":
            yield warning(record, "P_OTK", "Отказ: записан отказ от мероприятия, а не посещение")
        code, day = record.values.get("RSLT_D", ""), parse_day(record.values.get("DATE_Z_2", ""))
        result = RESULTS.get(code)
        if code and result is None:
            yield warning(record, "RSLT_D", f"Результата «{code}» нет в классификаторе: посещение записано без него")
        elif result and day and not result.is_of(day):
            yield warning(record, "RSLT_D", f"Результат «{code}» {day:%d.%m.%Y} не действовал")


class AccountsOfCare(Accounts):
    """Files H and C: of all the care in them only visits of dispensary observation (``P_CEL``) are taken."""

    slug = "accounts-observation"
    title = "Счёт за помощь: явки диспансерного наблюдения (файлы H и C)"
    tree = CARE

    def is_mine(self, part: Part) -> bool:
        return is_account(part) and _begins(part, "H", "C")

    def leave_out(self, content: Content) -> None:
        content.records = [record for record in content.records if any(is_observation(record))]
        kept = {record.place for record in content.records}
        content.findings = [one for one in content.findings if one.place is None or one.place in kept]

    def of_account(self, content: Content) -> Iterator[Finding]:
        if not content.records:
            yield Finding("P_CEL", f"Явок диспансерного наблюдения (цель {OBSERVATION}) в счёте нет: брать нечего")

    def of_case(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from super().of_case(record, context)
        for one in record.blocks.get("SL", ()):
            began, ended = parse_day(one.values.get("DATE_1", "")), parse_day(one.values.get("DATE_2", ""))
            if began and ended and ended < began:
                yield finding(record, "DATE_2", "DATE_2 раньше, чем DATE_1")
            if ended and ended > context.as_of:
                yield finding(record, "DATE_2", "Дата не может быть в будущем")


def is_account(part: Part) -> bool:
    return part.head.root == "ZL_LIST" and "SCHET" in part.head.tags


def is_observation(record: Record) -> Iterator[bool]:
    """Yield for each part of a case whether it was a visit of observation."""
    for one in record.blocks.get("SL", ()):
        yield one.values.get("P_CEL") == OBSERVATION


def _begins(part: Part, *letters: str) -> bool:
    """The name says what care an account is of: that of the file, else the one in its header."""
    return (part.name or part.head.values.get("FILENAME", "")).upper().startswith(letters)


def _header(content: Content, context: Context) -> Iterator[Finding]:
    header = content.header
    own, held = header.get("FILENAME", ""), header["@cases"]
    if own and bare_name(own) != bare_name(header[FILE]):
        message = f"В заголовке имя «{own[:80]}», а файл называется «{header[FILE][:80]}»"
        yield Finding("FILENAME", message, severity=Severity.WARNING)
    said = header.get("SD_Z", "")
    if said.isdecimal() and int(said) != int(held):
        yield Finding("SD_Z", f"В заголовке случаев {int(said)}, в файле {held}")
    month = period_of(header)
    if month is None:
        return  # the tree has said so
    if month > context.as_of:
        yield Finding("MONTH", f"Счёт за {month:%m.%Y}: этот месяц ещё не наступил")
    elif month.year < context.as_of.year:
        message = f"Счёт за {month.year} год: посещения будут учтены в плане того года, в котором кончились"
        yield Finding("YEAR", message, severity=Severity.WARNING)


def _prefix(content: Content, kind: Kind) -> Iterator[Finding]:
    name = bare_name(content.header[FILE])
    if kind.file and not name.startswith(kind.file):
        message = f"Вид осмотра {kind.code}, а имя файла начинается с {name[:2]}, обычно с {kind.file}"
        yield Finding("DISP", message, severity=Severity.WARNING)


def _person(record: Record, context: Context) -> Iterator[Finding]:
    values = record.values
    if values.get("NOVOR", "") not in NOT_NEWBORN:
        yield warning(record, "NOVOR", "Новорождённый по полису родителя: посещение не записано")
    number = values.get("ENP")
    if number and not enp.is_valid(number):
        yield finding(record, "ENP", "Контрольная цифра ЕНП не сходится: проверьте номер")
    yield from policy_faults(record, "VPOLIS", "NPOLIS")
    yield from _past(record, context, "DR")
    yield from snils_doubts(record, "SNILS")
    yield from name_faults(record, "FAM", "IM", "OT")


def _past(record: Record, context: Context, *fields: str) -> Iterator[Finding]:
    for name in fields:
        day = parse_day(record.values.get(name, ""))
        if day and day > context.as_of:
            yield finding(record, name, "Дата не может быть в будущем")
        elif day and day.year < OLDEST:
            yield finding(record, name, f"Год раньше {OLDEST}: проверьте дату")


ACCOUNTS = (AccountsOfCheckups(), AccountsOfCare())
OF_CARE = frozenset(form.slug for form in ACCOUNTS)
