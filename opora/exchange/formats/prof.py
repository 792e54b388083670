"""PROF — people for a check-up or dispensarisation by months (Khakassia). Handbook 20 §5.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.people import policy_faults
from opora.exchange.tree import DAY8, Tree, block, codes, leaf, like, text
from opora.exchange.xmllist import YEARS_AHEAD, XmlList, finding, snils_doubts, warning
from opora.exchange.xmlpacked import Head

SNILS = like(r"\d{3}-\d{3}-\d{3}-\d{2}", "СНИЛС вида NNN-NNN-NNN-NN")

TREE = Tree(
    block(
        "ZL_LIST",
        "1",
        block(
            "ZGLV",
            "1",
            leaf("VERSION", "1", like(r"1\.[01]", "версия 1.0 или 1.1")),
            leaf("DATA", "1", DAY8),
            leaf("FILENAME", "1", like(r"[A-Za-z0-9_]{1,26}", "имя из латинских букв, цифр и _")),
            leaf("CODMO", "1", like(r"\d{1,6}", "код клиники до 6 цифр")),
        ),
        block(
            "SV_PR_MER",
            "1..n",
            leaf("NOMER_Z", "1", like(r"\d{1,8}", "номер до 8 цифр")),
            leaf("PERSON_ID", "0..1", text(0, 16)),
            leaf("SMOCOD", "1", text(1, 5)),
            leaf("ENP", "0..1", text(0, 16)),
            leaf("FAM", "1", text(1, 40)),
            leaf("IM", "1", text(1, 40)),
            leaf("OT", "0..1", text(0, 40)),
            leaf("DR", "1", DAY8),
            leaf("W", "1", codes("1", "2")),
            leaf("DOCTYPE", "0..1", text(0, 2)),
            leaf("DOCSER", "0..1", text(0, 10)),
            leaf("DOCNUM", "0..1", text(0, 20)),
            leaf("SNILS", "0..1", SNILS),
            leaf("VPOLIS", "1", codes("1", "2", "3", "4")),
            leaf("SPOLIS", "0..1", text(0, 10)),
            leaf("NPOLIS", "1", text(1, 16)),
            leaf("TEL", "0..1", text(0, 20)),
            leaf("IDDOKT", "1", SNILS),
            leaf("ADRES", "0..1", text(0, 100)),
            leaf("KAT_LG", "0..1", text(0, 2)),
            leaf("YEAR", "1", like(r"\d{4}", "год")),
            leaf("COMMENT", "0..1", text(0, 250)),
            block(
                "SV_PL_MER",
                "1..12",
                leaf("MONTH", "1", like(r"(0[1-9]|1[0-2])", "месяц от 01 до 12")),
                leaf("DISP", "1", codes("ДВ4", "ОПВ")),
            ),
        ),
    ),
    record="SV_PR_MER",
    key="NOMER_Z",
)


class Prof(XmlList):
    slug = "prof-preventive-list"
    title = "Список на осмотры и диспансеризацию по месяцам (PROF, Хакасия)"
    tree = TREE
    name = r"PROF_M\d{6}T(?!59)\d{2}_\d+"  # T59 is Perm, another tree
    own_name, enp = "FILENAME", ("ENP",)
    past = ("DR",)
    names = ("FAM", "IM", "OT")

    def knows(self, head: Head) -> bool:
        return "SV_PR_MER" in head.tags and not head.tags & {"CODMOF", "QUART"}

    def of_record(self, record: Record, context: Context) -> Iterator[Finding]:
        year = record.values.get("YEAR", "")
        if year.isdecimal() and abs(int(year) - context.as_of.year) > YEARS_AHEAD:
            yield finding(record, "YEAR", f"Год {year} слишком далёк от нынешнего")
        yield from policy_faults(record, "VPOLIS", "NPOLIS")
        yield from snils_doubts(record, "SNILS", "IDDOKT")
        planned = Counter(
            (one.values.get("MONTH"), one.values.get("DISP")) for one in record.blocks.get("SV_PL_MER", ())
        )
        if any(times > 1 for times in planned.values()):
            yield warning(record, "SV_PL_MER", "Одно мероприятие в одном месяце названо дважды")
