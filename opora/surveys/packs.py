"""Ready surveys as packs: a file becomes a survey, another edition of it the next version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from opora.access.scope import Scope, enter
from opora.deadlines.models import Pack
from opora.deadlines.packs import Head, read_pack
from opora.deadlines.services import load_pack
from opora.surveys.models import Survey, SurveyVersion
from opora.surveys.questionnaire import QuestionnaireShape, read

SHIPPED = Path(__file__).parent / "packs"
KIND = "survey"


class SurveyPack(Head):
    is_verified: bool
    questionnaire: QuestionnaireShape


def check_survey(content: dict[str, Any]) -> None:
    """Raise QuestionnaireRefused for what the shape alone cannot say."""
    read(TypeAdapter(SurveyPack).validate_python(content).questionnaire)


def take_pack(pack: Pack, **_: Any) -> list[str]:
    """Make the survey of a pack that was loaded, or its next version; return what was done in a sentence."""
    if pack.kind != KIND:
        return []
    with enter(Scope.system("a pack of a survey is loaded")):
        about = {"title": pack.title, "source": pack.source, "is_verified": pack.content["is_verified"]}
        survey, is_new = Survey.objects.get_or_create(code=pack.code, territory=pack.territory, defaults=about)
        last = survey.newest
        if last is not None and last.content == pack.content["questionnaire"]:
            return []
        if not is_new:
            Survey.objects.filter(pk=survey.pk).update(**about)
        version = SurveyVersion.objects.create(
            survey=survey,
            number=last.number + 1 if last else 1,
            label=pack.version,
            content=pack.content["questionnaire"],
        )
    return [f"Анкета «{pack.title}», версия {version.number}."]


def load_shipped_packs(**_: Any) -> None:
    """Load the surveys that come with the program; those already there stay as they are."""
    for path in sorted(SHIPPED.glob("*.json")):
        load_pack(read_pack(path))
