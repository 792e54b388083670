"""G1OUT and G1R, byte for byte as the partner writes them. Handbook 20 §3.2, §3.6."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from opora.exchange.codebook import HMAO
from opora.exchange.formats.journal_xml import OUT_VERSION
from opora.exchange.mapping import Values, to_values
from opora.exchange.record import Leaving
from opora.exchange.writers.sending import Sending

ENCODING = "windows-1251"
APPLICANT = ("adr", "phone", "e_mail")


class _Writer:
    """Two directions differ in the declaration, the header and the tag of the employee."""

    slug: str
    title: str
    system = HMAO
    quote: str
    employee: str

    def name(self, sending: Sending) -> str:
        raise NotImplementedError

    def header(self, sending: Sending) -> dict[str, str]:
        made = sending.made_at
        return {
            "filename": self.name(sending),
            "data": f"{made:%Y-%m-%d}",
            "year": f"{made:%Y}",
            "month": f"{made:%m}",
            "day": f"{made:%d}",
            "time": f"{made:%H:%M:%S}",
            "smo": sending.organisation,
        }

    def write(self, leaving: Iterable[Leaving], sending: Sending, target: Path) -> int:
        count = 0
        with target.open("wb") as stream:

            def put(lines: Iterable[str]) -> None:
                stream.write(("\n".join(lines) + "\n").encode(ENCODING, "xmlcharrefreplace"))

            put([f"<?xml version={self.quote}1.0{self.quote} encoding={self.quote}{ENCODING}{self.quote}?>"])
            put(["<IRP_LIST>", "  <ZGLV>", *_leaves(self.header(sending), "    "), "  </ZGLV>"])
            for one in leaving:
                put(self._record(to_values(one.record, sending.book, sending.zone)))
                count += 1
            put(["</IRP_LIST>"])
        return count

    def _record(self, values: Values) -> Iterator[str]:
        yield "  <IRP>"
        block = ""
        for name, text in values.items():
            found = _block(name)
            if found != block:
                if block:
                    yield f"    </{block}>"
                if found:
                    yield f"    <{found}>"
                block = found
            tag = self.employee if name == "employee_1" else name
            yield f"{'      ' if block else '    '}<{tag}>{escape(text)}</{tag}>"
        if block:
            yield f"    </{block}>"
        yield "  </IRP>"


class JournalOutWriter(_Writer):
    slug = "g1out-journal-outbound"
    title = "G1OUT, журнал в XML"
    quote = "'"
    employee = "employee_one"

    def name(self, sending: Sending) -> str:
        return f"G1OUT_{sending.organisation}_{sending.made_at:%Y%m%d%H%M%S}.xml"

    def header(self, sending: Sending) -> dict[str, str]:
        rest = super().header(sending)
        return {"filename": rest.pop("filename"), "version": OUT_VERSION, **rest}


class JournalInWriter(_Writer):
    slug = "g1r-journal-xml"
    title = "G1R, журнал в XML для загрузки"
    quote = '"'
    employee = "employee_1"

    def name(self, sending: Sending) -> str:
        return f"G1R_{sending.made_at:%m%y%d}{sending.number:04d}.xml"


def _block(name: str) -> str:
    if name.startswith("z_") or name in APPLICANT:
        return "z_sv"
    return "in_sv" if name.startswith("in_") else ""


def _leaves(values: dict[str, str], indent: str) -> Iterator[str]:
    return (f"{indent}<{name}>{escape(text)}</{name}>" for name, text in values.items())
