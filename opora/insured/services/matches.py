"""Deciding a row that nobody could be sure about."""

from __future__ import annotations

import json
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.insured.importing import staging
from opora.insured.importing.errors import NotACandidate, TaskDecided
from opora.insured.importing.merging import Merge, Owner
from opora.insured.models import MatchTask, Person
from opora.organisations.models import Employee, Organisation

NEW, SKIP = 0, -1


@transaction.atomic
def decide_match(task_id: int, choice: int, *, by: Employee) -> MatchTask:
    """Say who a row is: the id of a candidate, ``NEW`` or ``SKIP``. The row enters the register at once.

    Raises TaskDecided when a colleague was faster, NotACandidate for somebody not offered or out of her sight.
    """
    task = (
        MatchTask.objects.accessible_to(by)
        .select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=task_id)
    )
    if task.state != MatchTask.State.OPEN:
        raise TaskDecided
    _check(task, choice, by)
    if choice != SKIP:
        task.chosen_id = _enter_register(task, choice, by)
    task.state = {NEW: MatchTask.State.NEW, SKIP: MatchTask.State.SKIPPED}.get(choice, MatchTask.State.CHOSEN)
    task.by_id, task.by_name, task.decided_at = by.pk, by.full_name, timezone.now()
    task.save(update_fields=["chosen_id", "state", "by_id", "by_name", "decided_at"])
    record("insured.match.decide", task, by=by, details={"decision": task.state, "person": task.chosen_id})
    return task


def visible_candidates(task: MatchTask, employee: Employee) -> list[Person]:
    """Candidates she may see, in the order they were offered."""
    found = Person.objects.accessible_to(employee).filter(pk__in=task.candidates).select_related("insurer", "provider")
    known = {person.pk: person for person in found}
    return [known[pk] for pk in task.candidates if pk in known]


def _check(task: MatchTask, choice: int, by: Employee) -> None:
    visible = {person.pk for person in visible_candidates(task, by)}
    if choice > 0 and choice not in visible:
        raise NotACandidate
    if choice == NEW and len(visible) < len(task.candidates):
        raise NotACandidate("Среди похожих есть человек другой организации: новую карточку заведёт фонд.")
    given = task.given["person"]
    with enter(Scope.system("a new card must not repeat a number")):
        taken = choice == NEW and given.get("enp") and Person.objects.filter(enp=given["enp"]).exists()
    if taken:
        raise NotACandidate("Карточка с таким ЕНП уже есть: выберите её или пропустите строку.")


def _enter_register(task: MatchTask, choice: int, by: Employee) -> int:
    organisation = task.organisation
    is_insurer = organisation.kind in (Organisation.Kind.INSURER, Organisation.Kind.BRANCH)
    owner = Owner(
        organisation=organisation.pk,
        insurer=(organisation.parent_id or organisation.pk) if is_insurer else None,
        territory=organisation.territory_id,
        by_id=by.pk,
        by_name=by.full_name,
        run=task.run_id,
    )
    with enter(Scope.system("a row that an employee decided enters the register")), connection.cursor() as cursor:
        staging.prepare(cursor)
        _stage(cursor, task.given, choice)
        merge = Merge(cursor, owner, timezone.localdate())
        merge.match()
        try:
            merge.apply()
        except IntegrityError as fault:
            raise NotACandidate(
                "Такие номера уже есть у другой карточки: выберите её или пропустите строку."
            ) from fault
        cursor.execute("SELECT person_id FROM found")
        person = cursor.fetchone()[0]
        staging.drop(cursor)
    return int(person)


def _stage(cursor: Any, given: dict[str, Any], choice: int) -> None:
    for name in staging.TABLES:
        rows = [given["person"]] if name == "person" else given.get(name) or []
        cursor.execute(
            f"INSERT INTO pg_temp.stage_{name}"  # noqa: S608 — own names
            f" SELECT * FROM jsonb_populate_recordset(NULL::pg_temp.stage_{name}, %s::jsonb)",
            [json.dumps(rows)],
        )
    cursor.execute("UPDATE pg_temp.stage_person SET forced = %s", [choice])
