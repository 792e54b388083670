"""The body of getIndividualInforming. Handbook 20 §12.

The service refuses (504) a person without a patronymic: we send what we know and read its answer.
"""

from __future__ import annotations

import json
from typing import Any

from opora.exchange.errors import FactMissing
from opora.exchange.lists.ch15_codes import SEQUENCES, WAYS
from opora.exchange.writers.facts import is_fact
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, IncomingContact, IncomingObservation

CODES = {sequence: code for code, sequence in SEQUENCES.items()}


class Chapter15Writer:
    slug = "ch15-individual-informing-json"
    title = "Факты информирования (глава XV, JSON)"

    def name(self, outgoing: Outgoing) -> str:
        return f"getIndividualInforming_{outgoing.number}.json"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        if not outgoing.package:
            raise FactMissing("У посылки должен быть номер reqID")
        observed: dict[int, list[IncomingObservation]] = {}
        for one in batch.observations:
            observed.setdefault(one.place, []).append(one)
        patients = [
            _patient(contact, observed.get(contact.place, [])) for contact in batch.contacts if is_fact(contact)
        ]
        return json.dumps({"reqID": outgoing.package, "patients": patients}, ensure_ascii=False, indent=2).encode()


def _patient(contact: IncomingContact, observed: list[IncomingObservation]) -> dict[str, Any]:
    who = contact.who
    if not (contact.on and who.birth_on and who.enp and contact.sequence):
        raise FactMissing(f"Запись {contact.key}: нужны ЕНП, дата рождения, дата и «первичное или повторное»")
    if not observed:
        raise FactMissing(f"Запись {contact.key}: не сказано, с каким диагнозом человек наблюдается")
    inform_by = observed[0].inform_by
    return {
        "surname": who.surname,
        "name": who.given_name,
        "patronymic": who.patronymic,
        "dateBirth": who.birth_on.isoformat(),
        "enp": who.enp,
        "dateNotification": contact.on.isoformat(),
        "sequenceInformation": CODES[contact.sequence],
        "wayInforming": WAYS[contact.channel],
        "mainDiagnosis": observed[0].diagnosis,
        "concomitantDiagnosis": "; ".join(one.diagnosis for one in observed[1:]),
        "plannedNotificationDate": inform_by.isoformat() if inform_by else "",
    }
