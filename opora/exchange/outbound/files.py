"""One file that was asked for: from its options to its bytes, its name and the records it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import connection
from django.utils import timezone

from opora.exchange import vault
from opora.exchange.books import book_of
from opora.exchange.codebook import CodeBook
from opora.exchange.context import bare_name
from opora.exchange.errors import ExchangeRefused, NothingToSend
from opora.exchange.models import Fate, Parcel, ParcelFinding, SentRecord, Source
from opora.exchange.models.parcel import Direction, State
from opora.exchange.outbound.gathering import gather, roll_of
from opora.exchange.outbound.making import Fault, Written, write_units
from opora.exchange.outbound.orders import wanted_of
from opora.exchange.outbound.partners import answered, merged, returned, version_of
from opora.exchange.outbound.recipes import RECIPES, Made, Recipe
from opora.exchange.outbound.units import Gathered, Unit, Wanted
from opora.exchange.outbound.writers import WRITERS, UnitWriter
from opora.exchange.writers.outgoing import Outgoing

SHOWN = 500
MOST_NUMBERS = 10_000


def write_list(parcel: Parcel) -> None:
    """Write the list that ``orders.ask`` noted, or say what would go. Raises NothingToSend, ExchangeRefused."""
    recipe, wanted = RECIPES[parcel.options["list"]], wanted_of(parcel)
    _one_after_another(parcel)
    book = book_of(recipe.system, timezone.localdate())
    gathered = _gathered(recipe, parcel, wanted, book)
    writer = WRITERS[recipe.slug]
    outgoing = _outgoing(recipe, parcel, gathered, writer, book)
    left_out = set() if _is_whole(wanted, recipe) else _already(recipe, parcel, gathered.units)
    units = [unit for unit in gathered.units if unit.source_id not in left_out]
    if not units:
        raise NothingToSend(_nothing(recipe, len(left_out)))

    def write(chosen: Sequence[Unit]) -> bytes:
        return writer.write(chosen, gathered, outgoing)

    name = writer.name(outgoing)
    written = write_units(units, name, write, outgoing.made_at.date())
    counts = {"missing": len(written.faults), "sent_before": len(left_out), **gathered.counts}
    parcel.counts = {"records": len(written.kept), **{of: count for of, count in counts.items() if count}}
    ParcelFinding.objects.bulk_create(_findings(parcel, written.faults), batch_size=2000)
    if not written.kept:
        parcel.state = State.FAILED
        parcel.refusal = "Отправить нечего: ни в одной записи нет всего, что нужно партнёру."
        return
    if parcel.is_trial:
        parcel.state = State.CHECKED
        return
    _keep(parcel, recipe, written, name)


def _gathered(recipe: Recipe, parcel: Parcel, wanted: Wanted, book: CodeBook) -> Gathered:
    match recipe.made:
        case Made.BACK:
            return returned(recipe, parcel.organisation, wanted)
        case Made.ANSWER:
            return answered(recipe, parcel.organisation, wanted)
        case Made.MERGED:
            return merged(recipe, parcel.organisation, wanted)
    found = gather(recipe, parcel.organisation, wanted, book)
    if recipe.made is Made.CASES:
        found.version = version_of(roll_of(recipe, parcel.organisation, wanted))
    return found


def _is_whole(wanted: Wanted, recipe: Recipe) -> bool:
    """Whether the file holds everything, sent before or not: an answer and a return always do."""
    return wanted.with_sent or wanted.only is not None or recipe.made in {Made.ANSWER, Made.BACK, Made.MERGED}


def _already(recipe: Recipe, parcel: Parcel, units: Iterable[Unit]) -> set[int]:
    """Rows that went out in a file of this format before, whatever was answered; of the plan — of the same choice."""
    sent = SentRecord.objects.filter(
        organisation=parcel.organisation, parcel__format=recipe.slug, parcel__state=State.READY
    )
    of_plan = {name: parcel.options.get(name) for name in ("year", "month", "quarter", "measure")}
    found: set[int] = set()
    for source in {unit.source for unit in units}:
        rows = sent.filter(source=source)
        if source is Source.PLAN:
            rows = rows.filter(**{f"parcel__options__{name}": value for name, value in of_plan.items() if value})
        ids = [unit.source_id for unit in units if unit.source is source]
        found |= {one for one in rows.filter(source_id__in=ids).values_list("source_id", flat=True) if one is not None}
    return found


def _outgoing(recipe: Recipe, parcel: Parcel, gathered: Gathered, writer: UnitWriter, book: CodeBook) -> Outgoing:
    """Who sends, when, about which clinic; the number is the first whose name was not used yet."""
    organisation = parcel.organisation
    clinics = {entry.provider_code for unit in gathered.units for entry in unit.entries} - {""}
    months = {entry.month for unit in gathered.units for entry in unit.entries}
    version = gathered.version
    if recipe.slug == "vlg-r01-r11-persons":
        version = "R01" if months == {None} else ""
    made = Outgoing(
        sender=book.theirs("insurer", organisation.code) or organisation.code,
        made_at=timezone.now().astimezone(organisation.zone),
        package=parcel.options.get("package", "") or ("0" if recipe.needs_package else ""),
        region=gathered.region or organisation.code[:2],
        provider=gathered.provider or (clinics.pop() if len(clinics) == 1 else ""),
        version=version,
        answers=gathered.answers,
    )
    if clinics and _is_of_clinic(recipe):
        raise ExchangeRefused("В одном файле — одна клиника, а здесь их несколько: выберите одну.")
    return _numbered(made, writer, parcel)


def _is_of_clinic(recipe: Recipe) -> bool:
    return recipe.slug in {"prof-preventive-list", "prm-prof59-quarter", "vlg-r01-r11-persons"}


def _numbered(outgoing: Outgoing, writer: UnitWriter, parcel: Parcel) -> Outgoing:
    first, second = writer.name(outgoing), writer.name(replace(outgoing, number=2))
    if first == second:
        return outgoing  # the partner counts no files: a later one takes the place of the former
    used = set(
        Parcel.objects.filter(
            organisation=parcel.organisation, direction=Direction.OUT, format=parcel.format, state=State.READY
        ).values_list("name", flat=True)
    )
    for number in range(1, MOST_NUMBERS):
        numbered = replace(outgoing, number=number)
        if writer.name(numbered) not in used:
            return numbered
    raise ExchangeRefused("Номера файлов этого периода кончились.")


def _keep(parcel: Parcel, recipe: Recipe, written: Written, name: str) -> None:
    kept = vault.keep([written.raw])
    parcel.name, parcel.sha256, parcel.size = name, kept.sha256, kept.size
    parcel.sent_as = bare_name(parcel.options.get("package") or name)[:80]
    parcel.state = State.READY
    SentRecord.objects.bulk_create(
        (
            SentRecord(
                parcel=parcel,
                organisation_id=parcel.organisation_id,
                place=place,
                key=recipe.names_key(record)[:200],
                source=unit.source,
                source_id=unit.source_id,
                person_id=unit.person_id,
            )
            for place, (record, unit) in enumerate(written.kept, start=1)
        ),
        batch_size=5000,
    )
    if "again" in parcel.options:
        gone = {unit.source_id for _, unit in written.kept}
        SentRecord.objects.filter(pk__in=parcel.options["records"], fate=Fate.REFUSED, source_id__in=gone).update(
            fate=Fate.AGAIN, again=parcel
        )


def _findings(parcel: Parcel, faults: Iterable[Fault]) -> Iterable[ParcelFinding]:
    for position, fault in enumerate(faults):
        yield ParcelFinding(
            parcel=parcel,
            position=position,
            place=fault.unit.place,
            record=fault.unit.key[:200],
            field=fault.field[:100],
            severity="error",
            message=fault.message[:SHOWN],
            person_id=fault.unit.person_id,
        )


def _nothing(recipe: Recipe, left_out: int) -> str:
    if left_out:
        return "Всё, что подходит, уже отправлено в этом формате. Чтобы отправить ещё раз, отметьте «и отправленное»."
    words = {
        Made.FACTS: "За этот период информирования не было.",
        Made.CONSENTS: "За этот период согласий и отзывов нет.",
        Made.BACK: "Из этого списка ещё никого не информировали: возвращать нечего.",
    }
    return words.get(recipe.made, "В выбранном нет ни одного найденного человека: отправлять нечего.")


def _one_after_another(parcel: Parcel) -> None:
    """Numbers of files follow each other: files of one organisation are made in turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('opora.exchange.out', %s))", [parcel.organisation_id]
        )
