"""Questionnaires of an organisation: a copy of a ready one, and the next version of her own."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Sees
from opora.audit.services import record
from opora.organisations.models import Employee
from opora.surveys.errors import SurveysError
from opora.surveys.models import Survey, SurveyVersion
from opora.surveys.questionnaire import read


@transaction.atomic
def copy_survey(survey_id: int, *, title: str, by: Employee) -> Survey:
    """Make a survey of her organisation out of one she sees. Raises SurveysError."""
    check_right(by)
    former = Survey.objects.accessible_to(by).get(pk=survey_id)
    last = former.newest
    if last is None:
        raise SurveysError("У этого опроса ещё нет анкеты.")
    scope = by.scope
    own = {"territory": place_of(by), "insurer_id": scope.insurer if scope.sees == Sees.INSURER else None}
    number = Survey.objects.filter(code__startswith=former.code, **own).count() + 1
    copy = Survey.objects.create(
        code=f"{former.code[:30]}_{number}", title=title.strip() or former.title, source=former.source, **own
    )
    SurveyVersion.objects.create(survey=copy, number=1, content=last.content, by=by)
    record("surveys.copy", copy, by=by)
    return copy


@transaction.atomic
def new_version(survey_id: int, content: Any, *, by: Employee) -> SurveyVersion:
    """Change a survey of her organisation: the next version. Raises QuestionnaireRefused, SurveysError."""
    check_right(by)
    read(content)
    survey = Survey.objects.accessible_to(by).select_for_update(of=("self",)).get(pk=survey_id)
    if survey.is_ready_made:
        raise SurveysError("Готовый опрос не меняют: сделайте из него свой.")
    last = survey.newest
    made = SurveyVersion.objects.create(survey=survey, number=(last.number if last else 0) + 1, content=content, by=by)
    record("surveys.version", survey, by=by, details={"number": made.number})
    return made


def check_right(by: Employee) -> None:
    if not by.holds(Right.SURVEYS_PLAN):
        raise RightMissing(right=Right.SURVEYS_PLAN)


def place_of(by: Employee) -> str:
    """Return the territory she works for."""
    if by.assignment is None:
        raise SurveysError("У вас нет действующего назначения.")
    return str(by.assignment.organisation.territory_id)
