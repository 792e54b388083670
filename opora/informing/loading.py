"""A partner's file into rows: who is meant, what he is planned for, who came. Set-based; a roll is stored whole.

People are matched by numbers that agree with the birth date or the surname, then by name and birth date; the program
does not guess between two: such a record waits for a person (``services.settle``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from opora.informing import visits
from opora.informing.incoming import Batch, Incoming
from opora.informing.models import Entry, Roll, Volume
from opora.informing.observing import referrals
from opora.informing.words import Measure
from opora.insured.eligibility.sets import about
from opora.insured.eligibility.words import Measure as Judged
from opora.organisations.models import Organisation
from opora.shared.dates import FIRST_YEAR, LAST_YEAR
from opora.shared.names import name_key
from opora.shared.phones import normalise
from opora.shared.sql import text
from opora.shared.statistics import refresh

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent / "sql"
WHO = ("surname", "given_name", "patronymic", "birth_on", "sex", "enp", "snils")
ALIKE = {
    "on": "on_day",
    "how": "note",
}
COLUMNS = (
    *("what", "place", "key", *WHO, "surname_key", "given_key", "patronymic_key", "policy", "phone"),
    *("provider_code", "measure", "year", "month", "quarter", "sequence", "inform_by", "visit_from", "visit_to"),
    *("note", "purpose", "channel", "on_day", "outcome", "reason", "result", "diagnosis", "since", "until"),
    *("diagnosed_on", "reason_in", "reason_out", "specialty", "doctor_snils", "number", "issued_on", "planned_on"),
    *("from_code", "hospital_code", "profile", "bed_profile", "form", "cancelled_on", "cancel_reason"),
    *("admitted_on", "is_granted"),
)
# A list knows how long it is, an index does not: a wrong guess reads the facts of the year once for each person.
PEOPLE_OF_ROLL = """
DROP TABLE IF EXISTS pg_temp.of_roll;
CREATE TEMPORARY TABLE of_roll ON COMMIT DROP AS
SELECT DISTINCT person_id FROM informing_entry WHERE roll_id = %(roll)s AND person_id IS NOT NULL;
ANALYZE of_roll
"""
OF_ROLL = "(SELECT person_id FROM of_roll)"
REGISTER = ("insured_person", "insured_policy", "insured_personcategory")
TOLD = ("informing_entry", "informing_visit", "informing_observation", "informing_planentry")
CRITICISE = """
UPDATE informing_entry e SET critique = d.reason
  FROM ({decided}) d
 WHERE e.roll_id = %(roll)s AND e.year = %(year)s AND e.person_id = d.person_id AND e.measure = d.measure
   AND d.status NOT IN ('due', 'by_list')
"""
SHORT = {"key": 64, "note": 300, "phone": 100, "policy": 20, "enp": 20, "snils": 20, "result": 20}

COUNTED = """
SELECT count(*), count(*) FILTER (WHERE is_matched), count(*) FILTER (WHERE is_unmatched AND NOT is_matched)
  FROM (SELECT bool_or(state = 'matched') AS is_matched, bool_or(state IN ('unmatched', 'ambiguous')) AS is_unmatched
          FROM incoming GROUP BY place) told
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: records by fate, whatever each of them told; those ``repeated`` brought nobody new into
    the plan, ``not_due`` should not be listed."""

    roll: Roll
    records: int
    matched: int
    unmatched: int
    repeated: int
    not_due: int
    closed: visits.Closed

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("records", "matched", "unmatched", "repeated", "not_due")}
        return {**told, **asdict(self.closed)}


@transaction.atomic
def load(
    batch: Batch,
    *,
    organisation: Organisation,
    format: str,
    name: str,
    parcel_id: int | None = None,
    by: Employee | None = None,
) -> Loaded:
    """Store everything a file brought through the channel of ``organisation``. Under the system's scope.

    An insurer's file concerns its own people only, a fund's everybody of the territory: each is for his insurer.
    """
    insurer = (organisation.parent or organisation) if organisation.kind in {"insurer", "branch"} else None
    roll = Roll.objects.create(
        territory_id=organisation.territory_id,
        insurer=insurer,
        provider=organisation if organisation.kind == "provider" else None,
        format=format,
        name=name,
        parcel_id=parcel_id,
        year=batch.year,
        month=batch.month,
        by=by,
    )
    given = {"territory": organisation.territory_id, "insurer": insurer.pk if insurer else None, "roll": roll.pk}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming")
        cursor.execute(text(SQL / "load_stage.sql"))
        with cursor.copy(f"COPY incoming ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _rows(batch):
                copy.write_row(row)
        cursor.execute("ANALYZE incoming")
        refresh(REGISTER)
        _all(cursor, "load_match", given)
        _all(cursor, "load_store", given)
        cursor.execute(text(SQL / "load_plan.sql"), given)
        (roll.repeated,) = cursor.fetchone()
        cursor.execute(COUNTED)
        roll.records, roll.matched, roll.unmatched = cursor.fetchone()
        cursor.execute("DROP TABLE incoming")
    refresh(TOLD)
    _volumes(batch, roll, insurer)
    roll.records += len({one.place for one in batch.volumes})
    roll.not_due = _criticise(roll)
    closed = visits.close(roll)
    referrals.follow(roll, batch.referrals)
    roll.save()
    return Loaded(roll, roll.records, roll.matched, roll.unmatched, roll.repeated, roll.not_due, closed)


def _all(cursor: Any, name: str, parameters: dict[str, Any]) -> None:
    for statement in text(SQL / f"{name}.sql").split(";\n"):
        cursor.execute(statement, parameters)


def _rows(batch: Batch) -> Iterator[tuple[Any, ...]]:
    kinds: list[tuple[str, Iterable[Incoming]]] = [
        ("entry", batch.entries),
        ("contact", batch.contacts),
        ("visit", batch.visits),
        ("observation", batch.observations),
        ("referral", batch.referrals),
        ("consent", batch.consents),
    ]
    default = {"observation": Measure.OBSERVATION, "referral": Measure.HOSPITAL, "consent": Measure.CHECKUP}
    for what, records in kinds:
        for one in records:
            yield _row(what, one, default.get(what, Measure.CHECKUP))


def _row(what: str, one: Incoming, measure: Measure) -> tuple[Any, ...]:
    who = one.who
    found: dict[str, Any] = {"what": what, "measure": measure}
    for name in one.__dataclass_fields__:
        if name != "who":
            value = getattr(one, name)
            found[ALIKE.get(name, name)] = None if value == "" else value
    found |= {name: getattr(who, name) for name in WHO}
    found["snils"] = "".join(filter(str.isdigit, who.snils))
    found["policy"] = who.policy_number or who.enp
    found["phone"] = next((normalise(phone) or phone for phone in who.phones if phone), "")
    found["surname_key"], found["given_key"] = name_key(who.surname), name_key(who.given_name)
    found["patronymic_key"] = name_key(who.patronymic)
    return tuple(_fit(name, found.get(name)) for name in COLUMNS)


def _fit(name: str, value: Any) -> Any:
    if value is None and name in {"key", "surname", "given_name", "patronymic", "note", "provider_code", *SHORT}:
        value = ""
    return value[: SHORT[name]] if name in SHORT and value else value


def _volumes(batch: Batch, roll: Roll, insurer: Organisation | None) -> None:
    codes = {one.provider_code for one in batch.volumes}
    clinics = {one.code: one for one in Organisation.objects.providers().filter(code__in=codes)}
    Volume.objects.bulk_create(
        [
            Volume(
                roll=roll,
                territory=roll.territory_id,
                provider=clinics[one.provider_code],
                insurer=insurer,
                measure=one.measure,
                group=one.group,
                year=one.year,
                month=one.month,
                area=one.area,
                quantity=one.quantity,
            )
            for one in batch.volumes
            if one.provider_code in clinics
        ],
        ignore_conflicts=True,
    )


def _criticise(roll: Roll) -> int:
    """Mark those who are listed although this year is not theirs; they stay in the plan, a person decides."""
    judged = Entry.objects.filter(roll=roll, person__isnull=False, measure__in=list(Judged))
    listed = set(judged.values_list("year", "measure").distinct())
    today = timezone.localdate()
    wrong = 0
    with connection.cursor() as cursor:
        for statement in PEOPLE_OF_ROLL.split(";\n"):
            cursor.execute(statement, {"roll": roll.pk})
    for year in sorted({year for year, _ in listed if FIRST_YEAR <= year <= LAST_YEAR}):
        on = today if year == today.year else date(year, 1, 1)
        measures = [Judged(measure) for of, measure in listed if of == year]
        whom, whose = f"p.id IN {OF_ROLL}", f"c.person_id IN {OF_ROLL}"
        found = about(whom, {"roll": roll.pk}, roll.territory_id, on, whose=whose, measures=measures)
        with connection.cursor() as cursor:
            cursor.execute(CRITICISE.format(decided=found.sql), found.parameters)
            wrong += cursor.rowcount
    return wrong
