"""A partner's file into rows: who is meant, what he is planned for, who came. Set-based; a roll is stored whole.

People are matched by numbers that agree with the birth date or the surname, then by name and birth date; the program
does not guess between two: such a record waits for a person (``services.settle``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from opora.informing import visits
from opora.informing.incoming import Batch, Incoming, Named
from opora.informing.models import Roll, Volume
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
WHO = (
    *("surname", "given_name", "patronymic", "birth_on", "sex", "enp", "snils"),
    *("surname_key", "given_key", "patronymic_key", "policy", "phone"),
)
KINDS = (
    ("entry", "entries", Measure.CHECKUP),
    ("contact", "contacts", Measure.CHECKUP),
    ("visit", "visits", Measure.CHECKUP),
    ("observation", "observations", Measure.OBSERVATION),
    ("referral", "referrals", Measure.HOSPITAL),
    ("consent", "consents", Measure.CHECKUP),
)
# What a record tells, where the staging names it otherwise; texts that stay empty, and how long they may be.
ALIKE = {"on": "on_day", "how": "note"}
TEXTS: dict[str, int | None] = {"key": 64, "provider_code": None, "note": 300, "result": 20}
# A list knows how long it is, an index does not: a wrong guess reads the facts of the year once for each person.
PEOPLE_OF_ROLL = """
DROP TABLE IF EXISTS pg_temp.of_roll;
CREATE TEMPORARY TABLE of_roll ON COMMIT DROP AS
SELECT DISTINCT person_id FROM incoming WHERE what = 'entry' AND person_id IS NOT NULL;
ANALYZE of_roll
"""
OF_ROLL = "(SELECT person_id FROM of_roll)"
LISTED = """
SELECT DISTINCT year, measure FROM incoming
 WHERE what = 'entry' AND person_id IS NOT NULL AND measure = ANY (%(measures)s)
"""
REGISTER = ("insured_person", "insured_policy", "insured_personcategory")
TOLD = ("informing_entry", "informing_visit", "informing_observation", "informing_planentry")
CRITICISE = """
UPDATE incoming i SET critique = d.reason
  FROM ({decided}) d
 WHERE i.what = 'entry' AND i.year = %(year)s AND i.person_id = d.person_id AND i.measure = d.measure
   AND d.status NOT IN ('due', 'by_list')
"""
NOT_DUE = "SELECT count(*) FROM informing_entry WHERE roll_id = %(roll)s AND critique <> ''"
# What people are found by; of fifty other columns nobody asks. A few thousand rows tell how many are empty or alike.
LIGHTLY = "SET LOCAL default_statistics_target = 10"
AS_EVER = "SET LOCAL default_statistics_target TO DEFAULT"
LOOK = "ANALYZE incoming (what, enp, snils, policy, surname_key, given_key, birth_on, person_id, provider_code)"
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
        for what, kind, measure in KINDS:
            _copy(cursor, what, getattr(batch, kind), measure)
        refresh(REGISTER)
        cursor.execute(LIGHTLY)
        cursor.execute(LOOK)
        _all(cursor, "load_match", given)
        cursor.execute(AS_EVER)
        if any(one.replaces for one in batch.visits) or any(one.replaces for one in batch.contacts):
            _all(cursor, "load_replace", {**given, "format": format})
        _all(cursor, "load_store", given)
        refresh(TOLD)
        _criticise(cursor, roll)
        _all(cursor, "load_entries", given)
        cursor.execute(NOT_DUE, given)
        (roll.not_due,) = cursor.fetchone()
        cursor.execute(text(SQL / "load_plan.sql"), given)
        (roll.repeated,) = cursor.fetchone()
        cursor.execute(COUNTED)
        roll.records, roll.matched, roll.unmatched = cursor.fetchone()
        cursor.execute("DROP TABLE incoming")
    if batch.visits or batch.referrals:
        refresh(TOLD)
    _volumes(batch, roll, insurer)
    roll.records += len({one.place for one in batch.volumes})
    closed = visits.close(roll)
    referrals.follow(roll, batch.referrals)
    roll.save()
    return Loaded(roll, roll.records, roll.matched, roll.unmatched, roll.repeated, roll.not_due, closed)


def _all(cursor: Any, name: str, parameters: dict[str, Any]) -> None:
    for statement in text(SQL / f"{name}.sql").split(";\n"):
        cursor.execute(statement, parameters)


def _copy(cursor: Any, what: str, records: Sequence[Incoming], measure: Measure) -> None:
    """Lay records of one kind into the staging; ``measure`` is that of a kind which names none."""
    if not records:
        return
    told = [name for name in records[0].__dataclass_fields__ if name != "who"]
    columns = [ALIKE.get(name, name) for name in told]
    texts = [(name, TEXTS[column]) for name, column in zip(told, columns, strict=True) if column in TEXTS]
    words = [name for name, column in zip(told, columns, strict=True) if column not in TEXTS]
    given = [what] if "measure" in told else [what, str(measure)]
    named = ["what", *(() if "measure" in told else ("measure",))]
    named += [ALIKE.get(name, name) for name in (*(name for name, _ in texts), *words)]
    with cursor.copy(f"COPY incoming ({', '.join((*named, *WHO))}) FROM STDIN") as copy:
        for one in records:
            row = [*given, *[getattr(one, name)[:longest] for name, longest in texts]]
            row += [None if (value := getattr(one, name)) == "" else value for name in words]
            copy.write_row(row + _who(one.who))


def _who(who: Named) -> list[Any]:
    """Return the values of ``WHO``."""
    phone = next((normalise(phone) or phone for phone in who.phones if phone), "")
    snils = "".join(filter(str.isdigit, who.snils)) if who.snils else ""
    return [
        *(who.surname, who.given_name, who.patronymic, who.birth_on, who.sex, who.enp[:20], snils[:20]),
        *(name_key(who.surname), name_key(who.given_name), name_key(who.patronymic)),
        *((who.policy_number or who.enp)[:20], phone[:100]),
    ]


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


def _criticise(cursor: Any, roll: Roll) -> None:
    """Mark those who are listed although this year is not theirs; they stay in the plan, a person decides."""
    cursor.execute(LISTED, {"measures": [str(one) for one in Judged]})
    listed = cursor.fetchall()
    today = timezone.localdate()
    for statement in PEOPLE_OF_ROLL.split(";\n"):
        cursor.execute(statement)
    for year in sorted({year for year, _ in listed if FIRST_YEAR <= year <= LAST_YEAR}):
        on = today if year == today.year else date(year, 1, 1)
        measures = [Judged(measure) for of, measure in listed if of == year]
        whom, whose = f"p.id IN {OF_ROLL}", f"c.person_id IN {OF_ROLL}"
        found = about(whom, {}, roll.territory_id, on, whose=whose, measures=measures)
        cursor.execute(CRITICISE.format(decided=found.sql), found.parameters)
