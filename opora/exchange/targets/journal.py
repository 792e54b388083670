"""G1R and the workbook → the journal of appeals, set-based. Handbook 20 §3.1: whole or not at all, never reopening."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from opora.appeals.importing import IncomingAppeal, Source, Taken, closed_among, intake_many
from opora.appeals.intake import NewParty
from opora.appeals.words import PartyRole
from opora.classifiers.words import Kind, Line, Responsible
from opora.exchange.books import Known, book_of, known
from opora.exchange.codebook import HMAO, CodeUnknown
from opora.exchange.findings import Finding, Record
from opora.exchange.format import Content
from opora.exchange.formats.journal import finding
from opora.exchange.mapping import to_record
from opora.exchange.models import Parcel, Provenance
from opora.exchange.models.provenance import Family
from opora.exchange.record import JournalRecord, Someone
from opora.exchange.targets.target import Stored
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.shared import enp, phones

ENOUGH = ("6", "7")  # outcomes after which somebody else answers: a complaint needs no verdict then
CODES = ("otv_kon", "z_smo", "in_smo")
GUIDS = ("employee_1", "employee_it")
KINDS = {
    Responsible.FUND: "fund",
    Responsible.FUND_OUTSOURCED: "fund",
    Responsible.INSURER: "insurer",
    Responsible.INSURER_OUTSOURCED: "insurer",
    Responsible.PROVIDER: "provider",
    Responsible.PROVIDER_OUTSOURCED: "provider",
    Responsible.AUTHORITY: "authority",
    Responsible.AUTHORITY_OUTSOURCED: "authority",
}
FOUND_BY_FILE = "номер полиса в файле"


class JournalTarget:
    """Insert and update by the partner's number; provenance of each record is kept."""

    def __init__(self) -> None:
        self._former: dict[str, Provenance] = {}
        self._records: dict[int, JournalRecord] = {}
        self._facts = Known({}, {}, {})

    def further(self, content: Content, parcel: Parcel) -> Iterable[Finding]:
        self._former = _former(content, parcel)
        self._facts = _known(content.records, parcel)
        open_ones = {
            kept.subject_id: one
            for one in content.records
            if not one.values.get("date_close") and (kept := self._former.get(key_of(one, parcel)))
        }
        for subject in sorted(closed_among(list(open_ones)), key=lambda pk: open_ones[pk].place):
            yield finding(open_ones[subject], "date_close", "Обращение уже закрыто: файлом его не открыть")
        book, zone = book_of(HMAO, timezone.localdate()), parcel.organisation.zone
        for one in content.records:
            yield from _verdict(one)
            try:
                record = to_record(one.values, book, zone, key=key_of(one, parcel))
            except CodeUnknown as fault:
                yield finding(one, str(fault.details.get("field", "theme")), fault.sentence)
            else:
                self._records[one.place] = record
                yield from _strange(one, record, self._facts)

    def store(self, content: Content, parcel: Parcel) -> Stored:
        digests = {one.place: _digest(one) for one in content.records}
        fresh = [
            one
            for one in content.records
            if (kept := self._former.get(self._records[one.place].key)) is None or kept.digest != digests[one.place]
        ]
        taken = self._take(fresh, parcel) if fresh else []
        _note(taken, digests, parcel)
        return Stored(
            new=sum(1 for one in taken if one.done == "new"),
            changed=sum(1 for one in taken if one.done == "changed"),
            same=len(content.records) - len(fresh) + sum(1 for one in taken if one.done == "same"),
            is_stored=True,
        )

    def _take(self, fresh: list[Record], parcel: Parcel) -> list[Taken]:
        people = _people(fresh)
        incoming = []
        for one in fresh:
            record = self._records[one.place]
            kept = self._former.get(record.key)
            known_as = kept.subject_id if kept else None
            incoming.append(_incoming(record, one.place, known_as, self._facts, people, parcel))
        by = Employee.objects.filter(pk=parcel.by_id).first() if parcel.by_id else None
        source = Source(f"Файл {parcel.name}", parcel.pk, by)
        return intake_many(incoming, organisation=parcel.organisation, source=source)


def key_of(record: Record, parcel: Parcel) -> str:
    """Return the partner's number; a workbook may leave it out, then the place in these very bytes stands for it."""
    return record.key or f"{parcel.sha256[:24]}:{record.place}"


def _former(content: Content, parcel: Parcel) -> dict[str, Provenance]:
    keys = [key_of(one, parcel) for one in content.records]
    found = Provenance.objects.filter(organisation=parcel.organisation, family=Family.JOURNAL, key__in=_among(keys))
    return {one.key: one for one in found}


def _among(texts: list[str]) -> RawSQL:
    """Twenty thousand keys as one array: a list of as many literals takes the server longer to read than to answer."""
    return RawSQL("SELECT unnest(%s::text[])", [texts])


def _digest(record: Record) -> str:
    filled = sorted((name, text) for name, text in record.values.items() if text)
    return hashlib.sha256(repr(filled).encode()).hexdigest()


def _verdict(one: Record) -> Iterable[Finding]:
    """Our journal closes no complaint without saying whether it was justified."""
    get = one.values.get
    is_complaint = get("irp_type") == "2" and get("date_close")
    if is_complaint and not get("zh_d") and get("result") not in ENOUGH:
        yield finding(one, "zh_d", "У закрытой жалобы укажите, обоснована ли она")


def _strange(one: Record, record: JournalRecord, facts: Known) -> Iterable[Finding]:
    """What the house has no topic and no organisation for."""
    if record.topic not in facts.topics:
        yield finding(one, "theme", f"Темы «{one.values.get('theme')}» нет в действующем классификаторе")
    if facts.organisation(record.responsible_code) is None:
        yield finding(one, "otv_kon", f"Организация с кодом {record.responsible_code} не известна")


def _known(records: Iterable[Record], parcel: Parcel) -> Known:
    guids: set[str] = set()
    codes: set[str] = set()
    for one in records:
        guids |= {text.lower() for name in GUIDS if (text := one.values.get(name))}
        codes |= {text for name in CODES if (text := one.values.get(name))}
    return known(parcel.organisation.territory_id, timezone.localdate(), guids, codes)


def _people(records: Iterable[Record]) -> dict[str, tuple[int, str, Any]]:
    """ЕНП → person, surname, birth date, of the insured people the file names. One query."""
    numbers = {text for one in records for name in ("z_enp", "in_enp") if (text := one.values.get(name))}
    valid = [number for number in numbers if enp.is_valid(number)]
    found = (
        Person.objects.filter(enp__in=_among(valid)).values_list("enp", "pk", "surname", "birth_on") if valid else []
    )
    return {str(number): (pk, surname.casefold(), born) for number, pk, surname, born in found}


def _incoming(
    record: JournalRecord,
    place: int,
    known_as: UUID | None,
    facts: Known,
    people: dict[str, tuple[int, str, Any]],
    parcel: Parcel,
) -> IncomingAppeal:
    handler = facts.organisation(record.responsible_code, KINDS[record.responsible]) or parcel.organisation
    topic = facts.topics[record.topic]
    parties = [
        _party(someone, role, facts, people)
        for someone, role in ((record.applicant, PartyRole.APPLICANT), (record.person, PartyRole.CONCERNED))
        if not someone.is_nobody
    ]
    return IncomingAppeal(
        key=record.key,
        place=place,
        known=known_as,
        kind=Kind(record.kind),
        channel=record.channel,
        origin=record.origin,
        origin_name=record.origin_name,
        topic_id=topic.pk,
        topic_code=topic.code,
        topic_note=record.topic_note,
        flags=sorted({*topic.flags, *record.flags}),
        text=record.text,
        received_at=record.received_at,
        taken_by=facts.employees.get(record.taken_by),
        taken_line=record.taken_line or Line.OTHER,
        handled_by=facts.employees.get(record.handled_by),
        handled_line=record.handled_line or "",
        handler_id=handler.parent_id or handler.pk,
        responsible=record.responsible,
        due_on=record.due_on,
        closed_on=record.closed_on,
        outcome=record.outcome or "",
        verdict=record.verdict or "",
        outside=record.outside or "",
        outside_at=record.redirected_at,
        parties=parties,
    )


def _party(someone: Someone, role: PartyRole, facts: Known, people: dict[str, tuple[int, str, Any]]) -> NewParty:
    """The insured person is named only where number, surname and birth date agree."""
    pk, surname, born = people.get(someone.enp, (None, "", None))
    is_found = pk is not None and surname == someone.surname.casefold() and born == someone.birth_on
    insurer = facts.organisation(someone.insurer, "insurer") if someone.insurer else None
    return NewParty(
        role=role,
        person_id=pk if is_found else None,
        surname=someone.surname,
        given_name=someone.given_name,
        patronymic=someone.patronymic,
        birth_on=someone.birth_on,
        enp=someone.enp,
        insurer_id=insurer.pk if insurer else None,
        document_type=someone.document_kind,
        document_series=someone.document_series,
        document_number=someone.document_number,
        phone=(phones.normalise(someone.phone) or someone.phone)[:20] if someone.phone else "",
        email=someone.email,
        address=someone.address,
        identified_how=FOUND_BY_FILE if is_found else "",
    )


def _note(taken: list[Taken], digests: dict[int, str], parcel: Parcel) -> None:
    """Keep where each record came from: one COPY and one statement for a file of any size."""
    if not taken:
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming_source")
        cursor.execute(
            'CREATE TEMPORARY TABLE incoming_source (key varchar(64) COLLATE "C", subject_id uuid, number varchar(32),'
            " place integer, done varchar(8), digest varchar(64)) ON COMMIT DROP"
        )
        with cursor.copy("COPY pg_temp.incoming_source FROM STDIN") as target:
            for one in taken:
                target.write_row((one.key, one.id, one.number, one.place, one.done, digests[one.place]))
        cursor.execute(
            "INSERT INTO exchange_provenance (organisation_id, family, key, subject_id, number, first_parcel_id,"
            " parcel_id, place, done, digest)"
            " SELECT %(organisation)s, 'journal', key, subject_id, number, %(parcel)s, %(parcel)s, place, done, digest"
            "   FROM incoming_source ORDER BY place"
            " ON CONFLICT (organisation_id, family, key) DO UPDATE SET parcel_id = EXCLUDED.parcel_id,"
            " place = EXCLUDED.place, done = EXCLUDED.done, digest = EXCLUDED.digest",
            {"organisation": parcel.organisation.pk, "parcel": parcel.pk},
        )
