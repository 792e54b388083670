"""Accounts of invented clinics: an archive of cases and people, with all that we pass over."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opora.shared import enp

NAME = "DPM540001S54001_26051"
DECLARATION = '<?xml version="1.0" encoding="windows-1251"?>\n'


def number(serial: int) -> str:
    """Return the number of a policy that nobody holds: serials from 99000 on (decision 0004)."""
    payload = f"5408410835{99000 + serial}"
    return f"{payload}{enp.check_digit(payload)}"


@dataclass
class Case:
    """One closed case. ``parts`` are those of an account for ordinary care: purpose, first and last day."""

    id: int = 1
    person: str = "p1"
    policy: str = ""
    began: str = "2026-05-12"
    ended: str = "2026-05-20"
    refused: str = "0"
    result: str = "2"
    corrected: str = "0"
    newborn: str = "0"
    clinic: str = "540001"
    parts: Sequence[tuple[str, str, str]] = ()

    def xml(self) -> str:
        policy = self.policy or number(int(self.person.strip("p")))
        patient = (
            f"<ID_PAC>{self.person}</ID_PAC><VPOLIS>3</VPOLIS><NPOLIS>{policy}</NPOLIS><SMO>54001</SMO>"
            f"<NOVOR>{self.newborn}</NOVOR>"
        )
        parts = self.parts or [("", self.began, self.ended)]
        told = "" if self.parts else f"<P_OTK>{self.refused}</P_OTK><RSLT_D>{self.result}</RSLT_D>"
        return (
            f"<ZAP><N_ZAP>{self.id}</N_ZAP><PR_NOV>{self.corrected}</PR_NOV><PACIENT>{patient}</PACIENT><Z_SL>"
            f"<IDCASE>{self.id}</IDCASE><VIDPOM>12</VIDPOM><LPU>{self.clinic}</LPU><VBR>0</VBR>"
            f"<DATE_Z_1>{self.began}</DATE_Z_1><DATE_Z_2>{self.ended}</DATE_Z_2>{told}"
            f"{''.join(_part(n, *part) for n, part in enumerate(parts, start=1))}"
            "<IDSP>29</IDSP><SUMV>1712.40</SUMV></Z_SL></ZAP>"
        )


def _part(place: int, purpose: str, began: str, ended: str) -> str:
    aim = f"<P_CEL>{purpose}</P_CEL>" if purpose else ""
    service = "<USL><IDSERV>1</IDSERV><CODE_USL>B04.047.001</CODE_USL><SUMV_USL>1712.40</SUMV_USL></USL>"
    return (
        f"<SL><SL_ID>{place}</SL_ID>{aim}<NHISTORY>17-{place}</NHISTORY><DATE_1>{began}</DATE_1><DATE_2>{ended}</DATE_2>"
        f"<DS1>I10</DS1><SUM_M>1712.40</SUM_M>{service}</SL>"
    )


@dataclass
class Someone:
    id: str = "p1"
    surname: str = "Подъячева"
    given_name: str = "Вера"
    patronymic: str = "Ильинична"
    sex: str = "2"
    born: str = "1984-12-01"
    snils: str = ""

    def xml(self) -> str:
        snils = f"<SNILS>{self.snils}</SNILS>" if self.snils else ""
        return (
            f"<PERS><ID_PAC>{self.id}</ID_PAC><FAM>{self.surname}</FAM><IM>{self.given_name}</IM>"
            f"<OT>{self.patronymic}</OT><W>{self.sex}</W><DR>{self.born}</DR><MR>г. Бердск</MR><DOCTYPE>14</DOCTYPE>"
            f"<DOCSER>00 12</DOCSER><DOCNUM>345678</DOCNUM>{snils}<TEL>+7 972 000-00-01</TEL></PERS>"
        )


@dataclass
class Account:
    """An account of a month; ``kind`` by V016, empty for ordinary care. ``None`` in place of people — no L file."""

    cases: Sequence[Case] = field(default_factory=lambda: [Case()])
    people: Sequence[Someone] | None = field(default_factory=lambda: [Someone()])
    kind: str = "ДВ4"
    name: str = NAME
    year: int = 2026
    month: int = 5
    said: int | None = None
    about: str = ""

    def cases_xml(self) -> str:
        said = len(self.cases) if self.said is None else self.said
        disp = f"<DISP>{self.kind}</DISP>" if self.kind else ""
        return (
            f"{DECLARATION}<ZL_LIST><ZGLV><VERSION>3.2</VERSION><DATA>2026-06-02</DATA><FILENAME>{self.name}</FILENAME>"
            f"<SD_Z>{said}</SD_Z></ZGLV><SCHET><CODE>1</CODE><CODE_MO>540001</CODE_MO><YEAR>{self.year}</YEAR>"
            f"<MONTH>{self.month}</MONTH><NSCHET>7</NSCHET><DSCHET>2026-06-01</DSCHET><PLAT>54001</PLAT>"
            f"<SUMMAV>1712.40</SUMMAV>{disp}</SCHET>{''.join(case.xml() for case in self.cases)}</ZL_LIST>"
        )

    def people_xml(self) -> str:
        name = f"L{self.name[1:]}"
        return (
            f"{DECLARATION}<PERS_LIST><ZGLV><VERSION>3.2</VERSION><DATA>2026-06-02</DATA><FILENAME>{name}</FILENAME>"
            f"<FILENAME1>{self.about or self.name}</FILENAME1></ZGLV>"
            f"{''.join(one.xml() for one in self.people or ())}</PERS_LIST>"
        )

    def pack(self, folder: Path, **more: str) -> Path:
        """Write the archive; ``more`` are other members by name without the extension."""
        path = folder / f"{self.name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{self.name}.XML", self.cases_xml().encode("cp1251"))
            if self.people is not None:
                archive.writestr(f"L{self.name[1:]}.XML", self.people_xml().encode("cp1251"))
            for name, text in more.items():
                archive.writestr(f"{name}.XML", text.encode("cp1251"))
        return path
