"""The hot line of the demonstration: lines of one insurer on the exchange that plays beside the program."""

from pathlib import Path

from opora.access.scope import Scope, enter
from opora.insured.models import Contact
from opora.organisations.models import Employee
from opora.telephony.models import Line

CALLERS = 300


def ensure_lines(pbx: str, numbers: dict[str, str], *, operator: str) -> None:
    """Bring the lines ``numbers`` (number: title) of the insurer that ``operator`` (a login) works for."""
    with enter(Scope.system("lines of the demonstration")):
        by = Employee.objects.filter(login=operator).first()
        if by is None or by.scope.organisation is None:
            return
        for number, title in numbers.items():
            Line.objects.get_or_create(
                pbx=pbx, number=number, defaults={"title": title, "organisation_id": by.scope.organisation}
            )


def write_callers(file: Path) -> None:
    """Write numbers of invented people, so that who calls is somebody."""
    with enter(Scope.system("callers of the demonstration")):
        phones = Contact.objects.filter(kind=Contact.Kind.PHONE).order_by("pk").values_list("normalised", flat=True)
        file.write_text("".join(f"{number}\n" for number in phones[:CALLERS]))
