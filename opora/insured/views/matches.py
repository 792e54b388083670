"""The work list of rows that are not certain: the row beside its candidates, one key to decide."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.insured.models import MatchTask, Person
from opora.insured.services.matches import NEW, SKIP, decide_match, visible_candidates
from opora.insured.views.card import employee_of
from opora.organisations.models import Organisation
from opora.shared import enp, snils

CHOICES = {"new": NEW, "skip": SKIP}
MOST_CANDIDATES = 5
SEXES = dict(Person.Sex.choices)
SAID = {
    MatchTask.State.CHOSEN: "Строка записана в карточку.",
    MatchTask.State.NEW: "Заведена новая карточка.",
    MatchTask.State.SKIPPED: "Строка пропущена.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: what the file says, what each candidate says, and where they differ."""

    title: str
    given: str
    cells: list[tuple[str, bool]]


@require_GET
@needs(Right.INSURED_MATCH)
def tasks(request: HttpRequest) -> HttpResponse:
    """The next row to decide, behind ``after``; at the end the first one comes again."""
    employee = employee_of(request)
    opened = MatchTask.objects.accessible_to(employee).open().select_related("run", "organisation").order_by("pk")
    after = request.GET.get("after", "")
    task = opened.filter(pk__gt=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    task = task or opened.first()
    if task is None:
        return render(request, "insured/imports/matches.html", {"task": None})
    candidates = visible_candidates(task, employee)[:MOST_CANDIDATES]
    record("insured.match.read", task, by=employee, details={"people": [person.pk for person in candidates]})
    context = {
        "task": task,
        "candidates": candidates,
        "hidden": len(task.candidates) - len(candidates),
        "lines": comparison(task.given, candidates),
    }
    return render(request, "insured/imports/matches.html", context)


@require_POST
@needs(Right.INSURED_MATCH)
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide one row: the id of a candidate, ``new`` or ``skip``."""
    employee = employee_of(request)
    task = get_object_or_404(MatchTask.objects.accessible_to(employee), pk=pk)
    written = request.POST.get("choice", "")
    choice = CHOICES.get(written, int(written) if written.isdecimal() and len(written) < 19 else None)
    if choice is None or (choice == NEW and written != "new"):
        return HttpResponse("Выберите человека, нового или пропуск.", status=422)
    decided = decide_match(task.pk, choice, by=employee)
    messages.success(request, SAID[MatchTask.State(decided.state)])
    response = redirect("insured:matches")
    response["Location"] += f"?after={task.pk}"
    return response


def comparison(given: dict[str, Any], candidates: list[Person]) -> list[Line]:
    """Return the row and its candidates line by line."""
    row = given["person"]
    policies, contacts = given.get("policy") or [], given.get("contact") or []
    insurers = dict(
        Organisation.objects.filter(pk__in=[policy["insurer_id"] for policy in policies]).values_list("pk", "name")
    )
    told = {
        "Фамилия": (row["surname"] or "", [person.surname for person in candidates]),
        "Имя": (row["given_name"] or "", [person.given_name for person in candidates]),
        "Отчество": (row["patronymic"] or "", [person.patronymic for person in candidates]),
        "Дата рождения": (_day(row["birth_on"]), [f"{person.birth_on:%d.%m.%Y}" for person in candidates]),
        "Пол": (SEXES.get(row["sex"], ""), [person.get_sex_display() for person in candidates]),
        "ЕНП": (enp.show(row["enp"] or ""), [enp.show(person.enp or "") for person in candidates]),
        "СНИЛС": (snils.show(row["snils"] or ""), [snils.show(person.snils or "") for person in candidates]),
        "Страховая": (
            ", ".join(insurers.get(policy["insurer_id"], "") for policy in policies),
            [str(person.insurer or "") for person in candidates],
        ),
        "Клиника": ("", [str(person.provider or "") for person in candidates]),
        "Контакты": (
            ", ".join(contact["value"] for contact in contacts),
            [", ".join(contact.value for contact in person.contacts.all()[:3]) for person in candidates],
        ),
    }
    plain = {"Страховая", "Клиника", "Контакты"}
    return [
        Line(title, said, [(other, title not in plain and bool(said) and other != said) for other in others])
        for title, (said, others) in told.items()
        if said or any(others)
    ]


def _day(written: str | None) -> str:
    return ".".join(reversed(written.split("-"))) if written else ""
