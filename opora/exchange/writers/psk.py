"""Pskov's plan as its program writes it: every field in quotes, no heading, windows-1251, packed. Handbook 20 §9.2."""

from __future__ import annotations

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.formats.psk import COLUMNS
from opora.exchange.mapping import fit
from opora.exchange.writers.outgoing import Outgoing, packed
from opora.informing.incoming import Batch, IncomingEntry
from opora.informing.words import Measure
from opora.shared.phones import digits, normalise


class PskovPlanWriter:
    slug = "psk-plan-csv"
    title = "План по кварталам (Псков, CSV)"

    def name(self, outgoing: Outgoing) -> str:
        return f"D{outgoing.provider or outgoing.sender}{outgoing.made_at:%Y%m%d}.zip"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        lines = [";".join(_quoted(cell) for cell in _cells(entry)) for entry in batch.entries]
        try:
            raw = "".join(f"{line}\r\n" for line in lines).encode("cp1251")
        except UnicodeEncodeError as fault:
            letter = fault.object[fault.start]
            raise CodeUnknown(f"Буквы «{letter}» нет в windows-1251, а иначе план не пишут", field="name") from None
        return packed(self.name(outgoing).replace(".zip", ".csv"), raw, outgoing.made_at)


def _cells(entry: IncomingEntry) -> list[str]:
    if entry.measure is not Measure.SCREENING:
        raise CodeUnknown(f"В этот план пишут только диспансеризацию, а не «{entry.measure.label}»", field="measure")
    who = entry.who
    if not (who.birth_on and entry.quarter and (who.policy_number or who.enp)):
        raise FactMissing(f"Запись {entry.key}: для плана нужны дата рождения, квартал и номер полиса")
    values = {
        "VPOLIS": who.policy_kind or "3",
        "SPOLIS": who.policy_series,
        "NPOLIS": who.policy_number or who.enp,
        "FAM": fit(who.surname, 40),
        "IM": fit(who.given_name, 40),
        "OT": fit(who.patronymic, 40),
        "DR": f"{who.birth_on:%Y%m%d}",
        "TEL": _ten_digits(who.phones),
        "MO_CODE": entry.provider_code,
        "YEAR": str(entry.year),
        "QUART": str(entry.quarter),
        "SNILS_VR": entry.doctor_snils,
        "PERSON_ID": entry.key,
    }
    return [values.get(name, "") for name in COLUMNS]


def _ten_digits(phones: tuple[str, ...]) -> str:
    """Return the ten digits of the first Russian number: the program of the partner takes nothing else."""
    found = (normalise(phone) for phone in phones)
    return next((digits(phone)[-10:] for phone in found if phone and phone.startswith("+7")), "")


def _quoted(text: str) -> str:
    return '"' + " ".join(text.replace('"', '""').split()) + '"'
