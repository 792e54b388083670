"""The form editor: what it shows goes back unchanged, buttons move questions, a save is the next version."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from opora.surveys import editing, packs
from opora.surveys.models import Survey, SurveyVersion
from opora.surveys.questionnaire import read

SignIn = Callable[[str], Client]


def fields(page: str) -> dict[str, str]:
    """What a browser would send back of the form of the page."""
    form = page[page.index('<form method="post" class="stack editor"') :]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input\s[^>]*>", form):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and not (kind and kind[1] == "checkbox" and not re.search(r"\schecked", tag)):
            sent[name[1]] = unescape(value[1]) if value else "on" if kind and kind[1] == "checkbox" else ""
    for name, body in re.findall(r'<select\s[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"\s+selected', body)
        sent[name] = unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(r'<textarea\s[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = unescape(body)
    return sent


@pytest.fixture
def own(signed_in: SignIn, system: None) -> tuple[Client, Survey]:
    boss = signed_in("boris")
    boss.post(f"/surveys/questionnaires/{Survey.objects.get(code='polyclinic_full').pk}/copy/", {"title": "Наш"})
    return boss, Survey.objects.get(title="Наш")


def test_what_was_not_touched_stays(own: tuple[Client, Survey]) -> None:
    boss, survey = own
    where = f"/surveys/questionnaires/{survey.pk}/version/"
    sent = fields(boss.get(where).content.decode())
    assert boss.post(where, sent).status_code == 302
    first, second = SurveyVersion.objects.filter(survey=survey).order_by("number")
    assert second.questionnaire == first.questionnaire


@pytest.mark.parametrize(
    "file", sorted((Path(packs.__file__).parent / "packs").glob("*.json")), ids=lambda file: file.stem
)
def test_every_ready_questionnaire_fits_the_form(file: Path) -> None:
    document = json.loads(file.read_bytes())["questionnaire"]
    assert editing.faults(document) == []
    assert len(editing.cards(document)) == len(document["questions"])
    assert editing.pairs(document)


def test_a_question_is_added_branched_and_looked_at(own: tuple[Client, Survey]) -> None:
    boss, survey = own
    where = f"/surveys/questionnaires/{survey.pk}/version/"
    sent = fields(boss.get(where).content.decode())
    number = int(sent["questions"])
    sent = fields(boss.post(where, sent | {"do": "add"}).content.decode())
    new = f"q-{number}"
    told = boss.post(where, sent | {"do": "preview"}).content.decode()
    assert f"Вопрос {number + 1}: напишите, о чём спросить." in told
    sent |= {f"{new}-text": "Придёте ещё?", f"{new}-source": "составлено у нас"}
    sent |= {f"{new}-o-0-label": "да", f"{new}-o-1-label": "нет", f"{new}-o-0-good": "on", f"{new}-o-1-to": "end"}
    shown = boss.post(where, sent | {"do": "preview"}).content.decode()
    assert "Как увидят люди" in shown
    assert len(re.findall(rf'<span class="muted">Вопрос {number + 1}</span>\s*Придёте ещё\?\s*</legend>', shown)) == 1
    assert SurveyVersion.objects.filter(survey=survey).count() == 1, "a look keeps nothing"
    up = fields(boss.post(where, fields(shown) | {"do": f"up-{number}"}).content.decode())
    assert up[f"q-{number - 1}-text"] == "Придёте ещё?"
    assert boss.post(where, fields(shown) | {"do": "save"}).status_code == 302
    last = survey.newest.questionnaire.questions[-1]  # type: ignore[union-attr]
    assert [(one.code, one.label) for one in last.options] == [("a1", "да"), ("a2", "нет")]
    assert (last.good, dict(last.jumps)) == (("a1",), {"a2": "end"})
    stale = boss.post(where, fields(shown) | {"do": "save"})
    assert stale.status_code == 422
    assert "появилась версия 2" in stale.content.decode()


def test_a_scale_brings_its_own_options_and_goods() -> None:
    sent = {"questions": "1", "q-0-text": "Как вам?", "q-0-source": "мы", "q-0-kind": "scale", "q-0-was": "one"}
    sent |= {"q-0-options": "1", "q-0-o-0-code": "a1", "q-0-o-0-label": "да"}
    [asked] = read(editing.of_form(sent)).questions
    assert (len(asked.options), asked.good) == (5, ("4", "5"))


def test_a_rule_is_chosen_and_taken_away() -> None:
    sent = {"questions": "0", "rules": "2", "c-0-kept": '{"words": "старое"}', "c-0-drop": "on"}
    sent |= {"c-1-first": "q1:yes", "c-1-second": "q2:no", "c-1-words": "Так не бывает."}
    rule = {"first": {"q1": ["yes"]}, "second": {"q2": ["no"]}, "words": "Так не бывает."}
    assert editing.of_form(sent)["contradictions"] == [rule]


def test_the_file_goes_out_and_comes_back(own: tuple[Client, Survey]) -> None:
    boss, survey = own
    kept = boss.get(f"/surveys/questionnaires/{survey.pk}/file/")
    assert kept["Content-Disposition"].startswith("attachment")
    assert json.loads(kept.content) == survey.newest.content  # type: ignore[union-attr]
    sent = {"content": kept.content.decode()}
    assert boss.post(f"/surveys/questionnaires/{survey.pk}/document/", sent).status_code == 302
    assert SurveyVersion.objects.filter(survey=survey).count() == 2
