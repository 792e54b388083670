"""The body of putEvFactInfos for the fund of Krasnodar. Handbook 20 §10, 21 §5.1.

The list of results is the fund's own, so a result of ours is not sent; who was not reached is not sent at all.
"""

from __future__ import annotations

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.findings import Record
from opora.exchange.formats.kk import FINE, TREE
from opora.exchange.lists.kk_codes import METHOD_OF, RESULT, SEXES, STEP_OF, SURVEYS
from opora.exchange.mapping import fit
from opora.exchange.treewriter import write_tree
from opora.exchange.writers.facts import took_place
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, IncomingContact, Named
from opora.informing.words import Channel
from opora.shared import snils

SEX_OF = {sex: letter for letter, sex in SEXES.items()}
BY_PHONE = {Channel.CALL, Channel.ROBOT}
UNIFIED = "3"


class KrasnodarFactsWriter:
    slug = "kk-evfactinfos-soap"
    title = "Факты информирования (putEvFactInfos, Краснодарский край)"

    def name(self, outgoing: Outgoing) -> str:
        return f"putEvFactInfos_{outgoing.number}.xml"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        if not outgoing.package:
            raise FactMissing("У посылки должен быть GUID")
        header = {
            "p10_pakagedate": f"{outgoing.made_at:%Y-%m-%dT%H:%M:%S}",
            "p11_pakagesender": outgoing.sender,
            "p12_pakageguid": outgoing.package,
            "p13_zerrpkg": FINE,
        }
        told = [contact for contact in batch.contacts if took_place(contact)]
        keys = {contact.key for contact in told}
        own = len(keys) == len(told) and all(key.isascii() and key.isdigit() for key in keys)
        records = (
            _record(place, contact.key if own else str(place), contact, outgoing)
            for place, contact in enumerate(told, start=1)
        )
        return write_tree(TREE, header, records, encoding="utf-8")


def _record(place: int, key: str, contact: IncomingContact, outgoing: Outgoing) -> Record:
    step = STEP_OF.get((contact.measure, contact.purpose))
    if step is None:
        sentence = f"В INFOSTEP нет этапа «{contact.purpose.label}» для «{contact.measure.label}»"
        raise CodeUnknown(sentence, field="measure")
    result = contact.note.removeprefix(f"{RESULT} ") if contact.note.startswith(RESULT) else ""
    values = {
        "rid": key,
        "smo_code": outgoing.sender,
        "code_mo": contact.provider_code,
        "infodate": f"{contact.on}T00:00:00",
        "infometh": str(_method(contact)),
        "infostep": step,
        "inforslt": result,
        **_person(contact.who, outgoing),
    }
    return Record(place, key, values)


def _method(contact: IncomingContact) -> int:
    """A survey by telephone has a method of its own; ours are made by telephone alone."""
    if contact.purpose not in SURVEYS:
        return METHOD_OF[contact.channel]
    if contact.channel not in BY_PHONE:
        raise CodeUnknown(f"В INFOMETH нет опроса способом «{contact.channel.label}»", field="channel")
    return SURVEYS[contact.purpose]


def _person(who: Named, outgoing: Outgoing) -> dict[str, str]:
    return {
        "a10_dct": who.policy_kind or (UNIFIED if who.enp else ""),
        "a11_dcs": who.policy_series,
        "a12_dcn": who.policy_number or who.enp,
        "a13_smcd": who.insurer_code or outgoing.sender,
        "a14_trcd": who.okato,
        "a15_pfio": fit(who.surname, 40),
        "a16_pnm": fit(who.given_name, 40),
        "a17_pln": fit(who.patronymic, 40),
        "a18_ps": SEX_OF.get(who.sex or 0, ""),
        "a19_pbd": f"{who.birth_on}T00:00:00" if who.birth_on else "",
        "a20_pph": who.phones[0] if who.phones else "",
        "a21_ps": who.document_series,
        "a22_pn": who.document_number,
        "a23_dt": who.document_kind,
        "a24_sl": snils.show(who.snils),
        "a25_enp": who.enp,
    }
