"""What was asked for, in words for the page of a file."""

from __future__ import annotations

from datetime import date

from opora.exchange.models import Parcel
from opora.informing.models import Roll
from opora.informing.words import Measure, Purpose
from opora.shared.dates import show

DAYS = {"since": "С", "until": "По"}
NUMBERS = {"year": "Год", "quarter": "Квартал", "month": "Месяц", "provider": "Клиника"}


def asked_for(parcel: Parcel) -> list[tuple[str, str]]:
    """Return title and value of everything that was asked for; empty for files that came."""
    told = parcel.options
    if "list" not in told:
        return []
    found = [(title, str(told[name])) for name, title in NUMBERS.items() if told.get(name)]
    found += [(title, show(date.fromisoformat(told[name]))) for name, title in DAYS.items() if told.get(name)]
    if told.get("roll"):
        name = Roll.objects.filter(pk=told["roll"]).values_list("name", flat=True).first()
        found.append(("Из списка", name or str(told["roll"])))
    if told.get("measure"):
        found.append(("Повод", str(Measure(told["measure"]).label)))
    if told.get("purpose"):
        found.append(("Что отправлено", str(Purpose(told["purpose"]).label)))
    if told.get("is_withdrawn"):
        found.append(("Что отправлено", "Отзывы согласий"))
    if told.get("again"):
        found.append(("Снова после", f"файла {told['again']}"))
    return found
