"""Volgograd, clinic → fund: what every list shares, the people for measures (R01, R11) and observation (D01).

Handbook 20 §8, §8.1, §8.3. Each file is a zip of one XML in windows-1251; another encoding the fund refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.people import snils_faults
from opora.exchange.tree import DAY, DIAGNOSIS, NUMBER, Node, Tree, block, codes, leaf, like, parse_day, text
from opora.exchange.xmllist import XmlList, finding, warning
from opora.exchange.xmlpacked import Head, head_of
from opora.shared import enp
from opora.shared.tables.errors import TableRefused

DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']""")
UNIFIED = "3"
SHORT = like(r"[0-9]{1,10}", "код до десяти цифр")
SIX = like(r"[0-9]{6}", "шесть цифр")
YEAR = like(r"[0-9]{4}", "год из четырёх цифр")
MONTH = like(r"[0-9]{1,2}", "месяц числом")
NAME_F = leaf("NAME_F", "1", text(1, 26))
DATE_F = leaf("DATE_F", "1", DAY)
MOBILE = leaf("TEL_M", "0..1", like(r"\d-\d{3}-\d+", "номер вида 8-900-0000000"))
LANDLINE = like(r"\d-\d{4}-\d+", "номер вида 8-8442-000000")


def person(*rest: Node) -> tuple[Node, ...]:
    """The person as R, D and I write him; ``rest`` follows the policy."""
    return (
        leaf("SURNAME", "1", text(1, 40)),
        leaf("NAME", "1", text(1, 40)),
        leaf("PATRONYMIC", "0..1", text(1, 40)),
        leaf("BIRTHDAY", "1", DAY),
        leaf("SEX", "1", codes("1", "2")),
        leaf("SS", "0..1", text(1, 14)),
        leaf("TYPE_P", "1", codes("1", "2", "3")),
        leaf("SER_P", "0..1", text(1, 10)),
        leaf("NUM_P", "1", text(1, 20)),
        leaf("ENP", "0..1", like(r"[0-9]{16}", "16 цифр")),
        *rest,
    )


DOCUMENT = (
    leaf("DOCTYPE", "1", text(1, 2)),
    leaf("DOCSER", "0..1", text(1, 10)),
    leaf("DOCNUM", "1", text(1, 20)),
    leaf("MR", "0..1", text(1, 100)),
)
CONTACTS = block(
    "CONTACTS",
    "1",
    leaf("TEL_F", "0..1", LANDLINE),
    MOBILE,
    block(
        "ADDRESS",
        "1",
        leaf("SUBJ", "1", like(r"[0-9]{5}", "пять цифр ОКАТО")),
        leaf("UL", "0..1", text(1, 200)),
    ),
)
RECEIVER = (leaf("SMO", "1", codes("34")), leaf("YEAR", "1", YEAR), leaf("MONTH", "1", MONTH))
HEADER = (leaf("CODEM", "1", SIX), DATE_F, NAME_F, *RECEIVER, leaf("N_PACK", "1", NUMBER))
BEGINNING = (leaf("ZAP", "1", like(r"[0-9]{1,6}", "номер до шести цифр")), leaf("IDPAC", "1", text(1, 36)))


def version(number: str) -> Node:
    return leaf("VERSION", "1", like(re.escape(number), f"версия {number}"))


class VlgList(XmlList):
    """``kinds`` are the letters a name begins with. The clinic in the name and in the header is the same."""

    own_name = "NAME_F"
    enp = ("ENP",)
    past: tuple[str, ...] = ("BIRTHDAY",)
    names: tuple[str, ...] = ("SURNAME", "NAME", "PATRONYMIC")
    kinds: tuple[str, ...] = ()
    clinic = "CODEM"

    def knows(self, head: Head) -> bool:
        return head.values.get("NAME_F", "").upper().startswith(self.kinds)

    def read(self, path: Path) -> Content:
        refuse_other_encoding(path)
        return super().read(path)

    def of_file(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        said, named = content.header.get(self.clinic, ""), re.search(r"M(\d{6})", path.stem.upper())
        if said and named and said != named[1]:
            yield Finding(self.clinic, f"В заголовке клиника {said}, а в имени файла {named[1]}")
        month = content.header.get("MONTH", "")
        if month.isdecimal() and not 1 <= int(month) <= 12:
            yield Finding("MONTH", f"Месяца {month} не бывает")

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from policy(record)
        yield from snils_faults(record, "SS")


def refuse_other_encoding(path: Path) -> None:
    """Raises TableRefused: the fund takes windows-1251 alone."""
    found = DECLARED.match(head_of(path).raw.removeprefix(b"\xef\xbb\xbf"))
    declared = found[1].decode().lower() if found else "utf-8"
    if head_of(path).root and declared not in {"windows-1251", "cp1251"}:
        raise TableRefused(f"Файл объявлен в {declared}, а фонд берёт только windows-1251.")


def policy(record: Record) -> Iterator[Finding]:
    """A unified policy has a number of 16 digits and may name its ЕНП; no other policy has one."""
    get = record.values.get
    number, policy_enp = get("NUM_P", ""), get("ENP", "")
    if get("TYPE_P") == UNIFIED and number:
        if len(number) != enp.LENGTH or not (number.isascii() and number.isdigit()):
            yield finding(record, "NUM_P", f"Номер единого полиса — 16 цифр, а здесь «{number}»")
        elif policy_enp and policy_enp != number:
            yield warning(record, "ENP", "ЕНП и номер единого полиса разные")
        elif not policy_enp and not enp.is_valid(number):
            yield finding(record, "NUM_P", "Контрольная цифра ЕНП не сходится: проверьте номер")
    elif policy_enp:
        yield finding(record, "ENP", "ЕНП указывают только у единого полиса")


class _Persons(VlgList):
    def control(self, content: Content, context: Context, path: Path) -> Iterator[Finding]:
        yield from super().control(content, context, path)
        seen: set[str] = set()
        for record in content.records:
            guid = record.values.get("IDPAC", "").lower()
            if guid and guid in seen:
                yield finding(record, "IDPAC", "Человек с таким IDPAC в этом файле уже был")
            seen.add(guid)


class VlgPersons(_Persons):
    slug = "vlg-r01-r11-persons"
    title = "Список на профилактические мероприятия (Волгоград, R01 и R11)"
    name = r"R(01|11)T34M\d{6}_\d{7}"
    kinds = ("R01", "R11")
    tree = Tree(
        block(
            "ZL_LIST",
            "1",
            block("ZGLV", "1", version("3.0"), *HEADER),
            block(
                "PERSONS",
                "1..n",
                *BEGINNING,
                *person(
                    *DOCUMENT,
                    leaf("CATEGORY", "1", text(1, 2)),
                    leaf("T_PR", "1", codes("O", "R")),
                    CONTACTS,
                ),
            ),
        ),
        record="PERSONS",
        key="ZAP",
    )


class VlgObservation(_Persons):
    slug = "vlg-d01-observation"
    title = "Список диспансерного наблюдения (Волгоград, D01)"
    name = r"D01T34M\d{6}_\d{7}"
    kinds = ("D01",)
    tree = Tree(
        block(
            "ZL_LIST",
            "1",
            block("ZGLV", "1", version("1.0"), leaf("CODE_MO", "1", SIX), *HEADER),
            block(
                "PERSONS",
                "1..n",
                *BEGINNING,
                *person(
                    *DOCUMENT,
                    leaf("PLACE", "1", codes("0", "1")),
                    CONTACTS,
                    block(
                        "SPECIALISATIONS",
                        "1",
                        block(
                            "SPECIALISATION",
                            "1..n",
                            leaf("SPECIALIST", "1", SHORT),
                            block(
                                "REASONS",
                                "1",
                                block(
                                    "REASON",
                                    "1..n",
                                    leaf("DS", "1", DIAGNOSIS),
                                    leaf("DATE_B", "1", DAY),
                                    leaf("DATE_VISIT", "1", DAY),
                                    leaf("FREQUENCY", "1", NUMBER),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        record="PERSONS",
        key="ZAP",
    )

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        yield from super().of_record(record, context)
        for doctor in record.blocks.get("SPECIALISATION", []):
            for reason in doctor.blocks.get("REASON", []):
                begun, visit = (parse_day(reason.values.get(name, "")) for name in ("DATE_B", "DATE_VISIT"))
                if begun and begun > context.as_of:
                    yield finding(record, "DATE_B", "Дата не может быть в будущем")
                if begun and visit and visit < begun:
                    yield finding(record, "DATE_VISIT", "Следующая явка раньше начала наблюдения")
