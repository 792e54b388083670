"""Rows of one case, step by step, as its people would have left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from opora.appeals import terms
from opora.audit.services import uuid7
from opora.complaints import packs
from opora.complaints.models import (
    Case,
    CaseEvent,
    Claim,
    Control,
    Dispute,
    DoubtedService,
    Expert,
    RecordsRequest,
    Restoration,
    Violation,
)
from opora.complaints.rules import NEVER
from opora.complaints.words import (
    CaseEventKind,
    CaseStage,
    Conditions,
    Consent,
    ControlKind,
    ControlState,
    Decision,
    DisputeOutcome,
    Found,
    RequestState,
    Speaks,
)
from opora.simulation.cases.told import ACT, Complaint

ABSENT = "13.2"  # services that were not received
ENOUGH = "Клинике написали письмо, её ответа достаточно."
VERDICT = {True: "Нарушение подтвердилось.", False: "Нарушений не нашли."}
WANTED = "Медицинская карта с записями за период, результаты исследований."
FOUND = {ControlKind.EKMP: ("3.1", "3.2", "3.3"), ControlKind.MEE: ("2.4", "2.6", "2.7", "2.9")}
CARES = ("Приём терапевта", "Приём кардиолога", "УЗИ сосудов", "Профилактический осмотр", "ЭКГ")
CONDITIONS = (Conditions.OUTPATIENT, Conditions.HOSPITAL, Conditions.AMBULANCE)


class Maker:
    """Gathers the rows of cases; nothing is written here."""

    def __init__(
        self,
        experts: Sequence[Expert],
        colleagues: Mapping[int, cycle[Any]],
        clinics: Sequence[int],
        chance: Random,
    ) -> None:
        self.experts, self.colleagues, self.clinics, self.chance = experts, colleagues, clinics, chance
        self.cases: list[Case] = []
        self.events: list[CaseEvent] = []
        self.requests: list[RecordsRequest] = []
        self.controls: list[Control] = []
        self.violations: list[Violation] = []
        self.restorations: list[Restoration] = []
        self.doubted: list[DoubtedService] = []
        self.disputes: list[Dispute] = []
        self.claims: list[Claim] = []
        self.complaints: dict[Any, Complaint] = {}

    def settle(self, complaint: Complaint, acts: int = 1) -> None:
        """Add the case of a complaint, from its opening to its end; ``acts`` clinics are looked at."""
        who = next(self.colleagues[complaint.handler_id])
        advice = packs.advice(_control(complaint), complaint.topic, complaint.line)
        checks = advice.checks if advice and complaint.provider_id else []
        self.complaints[complaint.id] = complaint
        self._open(complaint, who, advice.ground if advice and checks else "")
        if complaint.topic == ABSENT:
            self._doubt(complaint, who)
        for number in range(acts if checks else 0):
            self._check(complaint, who, checks[0], advice.ground if advice else "", number)
        self._end(complaint, who)

    def tell(
        self,
        complaint: Complaint,
        at: datetime,
        kind: CaseEventKind,
        who: Any = None,
        text: str = "",
        /,
        **details: Any,
    ) -> None:
        provider = details.pop("by_clinic", None)
        self.events.append(
            CaseEvent(
                case_id=complaint.id,
                at=at,
                kind=kind,
                organisation_id=provider or complaint.handler_id,
                employee_id=who.pk if who else None,
                employee_name=who.full_name if who else "",
                text=text,
                details=details,
            )
        )

    def _open(self, complaint: Complaint, who: Any, ground: str) -> None:
        decision = Decision.NEEDED if ground else Decision.NOT_NEEDED
        note = "" if ground else ENOUGH
        self.cases.append(
            Case(
                appeal_id=complaint.id,
                territory=complaint.territory,
                insurer_id=complaint.insurer_id,
                expert=who,
                speaks=Speaks.PATIENT,
                consent=Consent.GIVEN,
                decision=decision,
                ground=ground,
                ground_note=note,
                decided_at=complaint.at(0.06),
                stage=CaseStage.CLOSED,
                due_on=NEVER,
                opened_at=complaint.registered_at + timedelta(seconds=1),
                closed_at=complaint.closed_at + timedelta(minutes=10),
            )
        )
        given = {"speaks": str(Speaks.PATIENT), "consent": str(Consent.GIVEN)}
        self.tell(complaint, complaint.registered_at + timedelta(seconds=1), CaseEventKind.OPENED)
        self.tell(complaint, complaint.at(0.04), CaseEventKind.TAKEN, who)
        self.tell(complaint, complaint.at(0.05), CaseEventKind.STANDING, who, **given)
        decided = {"decision": str(decision), "ground": ground}
        self.tell(complaint, complaint.at(0.06), CaseEventKind.DECIDED, who, note, **decided)

    def _doubt(self, complaint: Complaint, who: Any) -> None:
        found = Found.ABSENT if complaint.is_justified else self.chance.choice([Found.GIVEN, Found.UNKNOWN])
        row = DoubtedService(
            case_id=complaint.id,
            provider_id=complaint.provider_id,
            on=complaint.on(0) - timedelta(days=self.chance.randrange(5, 120)),
            title=self.chance.choice(CARES),
            found=found,
            at=complaint.at(0.07),
        )
        self.doubted.append(row)
        self.tell(complaint, complaint.at(0.07), CaseEventKind.DOUBTED, who, row.title, on=row.on.isoformat())
        self.tell(complaint, complaint.at(0.76), CaseEventKind.DOUBTED, who, row.title, found=str(found))

    def _check(self, complaint: Complaint, who: Any, kind: ControlKind, ground: str, number: int) -> None:
        """Documents are asked for and come, an expert writes his act, the clinic signs it."""
        place = self._clinic(complaint, number)
        conditions = CONDITIONS[number % len(CONDITIONS)]
        request = self._request(complaint, who, place, conditions, number)
        expert = self.chance.choice([one for one in self.experts if one.kind == kind])
        handed = complaint.at(0.55)
        signing = terms.plan("act_signing", handed, complaint.territory, complaint.zone).proof
        claim = terms.plan("claim", handed, complaint.territory, complaint.zone).proof
        control = Control(
            id=uuid7(),
            case_id=complaint.id,
            request=request,
            territory=complaint.territory,
            provider_id=place,
            made_by_id=complaint.handler_id,
            kind=kind,
            ground=ground,
            expert=expert,
            assigned_at=complaint.at(0.3),
            assigned_by=who,
            state=ControlState.FINAL,
            act_on=complaint.on(ACT),
            conclusion=VERDICT[complaint.is_justified],
            handed_at=handed,
            due_on=signing.due_on,
            claim_until=claim.due_on,
            law=f"{signing.term.pack}, {claim.term.pack}",
            answered_at=complaint.at(0.65),
            final_at=complaint.at(0.7),
        )
        self.controls.append(control)
        key = {"control": str(control.pk)}
        found = int(complaint.is_justified)
        if found:
            self.violate(control, complaint.on(ACT))
        told = self.tell
        told(complaint, control.assigned_at, CaseEventKind.ASSIGNED, who, **key, expert=expert.pk, kind=str(kind))
        told(complaint, complaint.at(ACT), CaseEventKind.ACT, who, **key, violations=found)
        told(complaint, handed, CaseEventKind.HANDED, who, **key, due=signing.due_on.isoformat())
        told(complaint, complaint.at(0.65), CaseEventKind.SIGNED, **key, by_clinic=place)
        told(complaint, complaint.at(0.7), CaseEventKind.FINAL, who, **key)

    def violate(self, control: Control, on: date) -> Violation:
        """Add a violation to an act."""
        edition = packs.violations(control.territory, on)
        code = self.chance.choice(FOUND[ControlKind(control.kind)])
        line = next(one for one in edition.content.lines if one.code == code)
        row = Violation(
            id=uuid7(),
            control=control,
            code=line.code,
            title=line.title,
            edition=edition.name,
            conditions=control.request.conditions if control.request else Conditions.OUTPATIENT,
            billed=Decimal(self.chance.randrange(800, 60_000)),
            base=Decimal(self.chance.randrange(800, 12_000)),
            nonpay_share=line.nonpay,
            fine_share=line.fine,
        )
        self.violations.append(row)
        return row

    def _request(
        self, complaint: Complaint, who: Any, place: int, conditions: Conditions, number: int
    ) -> RecordsRequest:
        asked = complaint.at(0.1)
        clock = terms.plan("records", asked, complaint.territory, complaint.zone).proof
        care = complaint.on(0) - timedelta(days=self.chance.randrange(3, 40))
        row = RecordsRequest(
            id=uuid7(),
            case_id=complaint.id,
            territory=complaint.territory,
            provider_id=place,
            asked_from_id=complaint.handler_id,
            number=f"{complaint.number}/{number + 1}",
            patient=complaint.patient,
            birth_on=complaint.birth_on,
            enp=complaint.enp,
            conditions=conditions,
            care_from=care - timedelta(days=self.chance.randrange(1, 14)),
            care_to=care,
            wanted=WANTED,
            asked_at=asked,
            asked_by=who,
            due_on=clock.due_on,
            remind_on=next(iter(clock.warn_on), None),
            law=clock.term.pack,
            state=RequestState.ACCEPTED,
            answered_at=complaint.at(0.25),
            answer="Документы переданы по описи.",
            settled_at=complaint.at(0.28),
        )
        self.requests.append(row)
        key = {"request": str(row.pk)}
        due = clock.due_on.isoformat()
        self.tell(complaint, asked, CaseEventKind.REQUESTED, who, **key, provider=place, due=due)
        self.tell(complaint, complaint.at(0.25), CaseEventKind.ANSWERED, None, row.answer, **key, by_clinic=place)
        self.tell(complaint, complaint.at(0.28), CaseEventKind.ACCEPTED, who, **key)
        return row

    def _end(self, complaint: Complaint, who: Any) -> None:
        words = VERDICT[complaint.is_justified]
        told = {"reason": complaint.reason_id, "verdict": complaint.verdict}
        self.tell(complaint, complaint.at(0.8), CaseEventKind.VERDICT, who, words, **told)
        settled = complaint.dispute()
        if settled is not None:
            row = Dispute(
                id=uuid7(),
                case_id=complaint.id,
                outcome=DisputeOutcome.SATISFIED,
                at=complaint.at(0.86),
                by=who,
                **settled,
            )
            self.disputes.append(row)
            key, track = str(row.pk), row.track
            self.tell(complaint, complaint.at(0.86), CaseEventKind.DISPUTE, who, row.place, dispute=key, track=track)
            outcome = str(row.outcome)
            self.tell(complaint, complaint.at(0.9), CaseEventKind.DISPUTE, who, dispute=key, outcome=outcome)
        if complaint.is_justified:
            given = complaint.restoration(self.chance)
            back = Restoration(
                id=uuid7(), case_id=complaint.id, reason_id=complaint.reason_id, at=complaint.at(0.92), by=who, **given
            )
            self.restorations.append(back)
            key = str(back.pk)
            self.tell(
                complaint, complaint.at(0.92), CaseEventKind.RESTORED, who, back.note, how=back.how, restoration=key
            )
        self.tell(complaint, complaint.closed_at + timedelta(minutes=10), CaseEventKind.CLOSED, who)

    def _clinic(self, complaint: Complaint, number: int) -> int:
        """Return the clinic complained of, then others that treated the person."""
        place = self.clinics.index(complaint.provider_id) if complaint.provider_id in self.clinics else 0
        return self.clinics[(place + number) % len(self.clinics)]


def _control(complaint: Complaint) -> packs.ControlPack:
    return packs.control(complaint.territory, complaint.on(0)).content
