"""The answer of the fund of Krasnodar: one error of the whole package, or errors of facts. Handbook 20 §10.

Facts that are not named are accepted. How deep the errors lie inside ``r12_orerl`` was not established: they are looked
for at any depth.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from opora.exchange.context import Context
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.kk import FINE
from opora.exchange.people import remark
from opora.exchange.xmlfile import read_xml, tag_of, text_of
from opora.exchange.xmlpacked import head_of
from opora.shared.tables.errors import TableRefused

ROOT = "responcepack"


class KrasnodarAnswer:
    """Taken whole: a line that cannot be placed would make its fact look accepted."""

    slug = "kk-responcepack"
    title = "Ответ сервиса фонда (responcepack, Краснодарский край)"
    is_atomic = True

    def recognises(self, path: Path) -> bool:
        return ROOT in head_of(path).tags

    def read(self, path: Path) -> Content:
        root = read_xml(path)
        pack = root if tag_of(root) == ROOT else root.find(f".//{{*}}{ROOT}")
        if pack is None:
            raise TableRefused(f"В ответе нет <{ROOT}>.")
        content = Content(header={tag_of(one): text_of(one) for one in pack.iterfind("{*}r10_packinf/{*}*")})
        for errors in pack.iterfind(".//{*}r12_orerl"):
            for code in errors.iterfind(".//{*}e10_ecd"):
                content.records.append(_record(len(content.records) + 1, errors, code))
        return content

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        package = content.header.get("p12_pakageguid", "")
        if not package:
            yield Finding("p12_pakageguid", "В ответе нет GUID посылки")
        if not content.header.get("p13_zerrpkg", FINE).lstrip("-").isdecimal():
            yield Finding("p13_zerrpkg", "Код посылки — не число")
        keys = context.keys_sent(package) if context.sent is not None else None
        if package and context.sent is not None and keys is None:
            yield Finding("p12_pakageguid", f"Ответ на посылку {package[:60]}, которой мы не отправляли")
        for record in content.records:
            if not record.key:
                yield remark(record, "f10_nzap", "Не сказано, о каком факте ошибка")
            elif keys is not None and record.key not in keys:
                yield remark(record, "f10_nzap", f"Ответ на запись {record.key[:60]}, которой не было в посылке")

    def broken(self, sentence: str) -> Finding:
        return Finding("FILE", sentence)


def _record(place: int, errors: Any, code: Any) -> Record:
    key = errors.find(".//{*}f10_nzap")
    message = code.getparent().find("{*}e11_ems")
    values = {
        "f10_nzap": text_of(key) if key is not None else "",
        "e10_ecd": text_of(code),
        "e11_ems": text_of(message) if message is not None else "",
    }
    return Record(place, values["f10_nzap"], values)
