"""Where houses stand: a list an organisation loads from a file. Nothing outside is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opora.policies import addresses
from opora.policies.errors import PoliciesError
from opora.policies.models import AddressPoint, Delivery
from opora.shared.tables import inspect, open_table

COLUMNS = {
    "settlement": ("settlement", "населённый пункт", "населенный пункт", "город"),
    "street": ("street", "улица"),
    "house": ("house", "дом"),
    "lat": ("lat", "latitude", "широта"),
    "lon": ("lon", "longitude", "долгота"),
}
BATCH = 2_000


def place_of(territory: str, settlement: str, street: str, house: str) -> tuple[float | None, float | None]:
    """Return latitude and longitude of a house, None and None when nobody has told. One query."""
    key = addresses.key(settlement, street, house)
    found = AddressPoint.objects.filter(territory=territory, key=key).values_list("lat", "lon").first()
    return found or (None, None)


def load(path: Path, territory: str) -> tuple[int, list[str]]:
    """Load points from CSV or XLSX: settlement, street, house, lat, lon. Returns how many, and sentences about the rows
    that were left out (the first twenty). The same house again moves its point. Raises PoliciesError, TableRefused.
    """
    source = inspect(path)
    faults: list[str] = []
    written = 0
    batch: dict[str, AddressPoint] = {}
    with open_table(source) as table:
        places = _columns(table.columns)
        for row in table:
            point = _point(row.line, row.cells, places, territory, faults)
            if point is None:
                continue
            batch[point.key] = point
            if len(batch) >= BATCH:
                written += _keep(batch)
    written += _keep(batch)
    return written, faults[:20]


def apply(territory: str) -> int:
    """Give a place to open requests that have none; returns to how many."""
    found = 0
    for row in _without_place(territory):
        lat, lon = place_of(territory, row.settlement, row.street, row.house)
        if lat is not None:
            found += Delivery.objects.filter(pk=row.pk).update(lat=lat, lon=lon)
    return found


def _without_place(territory: str) -> Iterator[Delivery]:
    rows = Delivery.objects.open().filter(territory=territory, lat=None)
    yield from rows.only("pk", "settlement", "street", "house")[:5_000]


def _columns(names: list[str]) -> dict[str, int]:
    plain = [name.strip().casefold() for name in names]
    found = {what: next((plain.index(one) for one in known if one in plain), -1) for what, known in COLUMNS.items()}
    missing = [COLUMNS[what][1] for what, place in found.items() if place < 0 and what != "street"]
    if missing:
        raise PoliciesError(f"В файле нет столбцов: {', '.join(missing)}.")
    return found


def _point(
    line: int, cells: list[str], places: dict[str, int], territory: str, faults: list[str]
) -> AddressPoint | None:
    cell = {what: cells[at].strip() if 0 <= at < len(cells) else "" for what, at in places.items()}
    try:
        lat, lon = float(cell["lat"].replace(",", ".")), float(cell["lon"].replace(",", "."))
    except ValueError:
        faults.append(f"Строка {line}: широта и долгота не числа.")
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or not cell["settlement"] or not cell["house"]:
        faults.append(f"Строка {line}: нет населённого пункта, дома или точка вне карты.")
        return None
    key = addresses.key(cell["settlement"], cell["street"], cell["house"])[:320]
    return AddressPoint(territory=territory, key=key, lat=lat, lon=lon)


def _keep(batch: dict[str, AddressPoint]) -> int:
    AddressPoint.objects.bulk_create(
        batch.values(), update_conflicts=True, unique_fields=["territory", "key"], update_fields=["lat", "lon"]
    )
    count = len(batch)
    batch.clear()
    return count
