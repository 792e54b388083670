"""Nobody's text is lost when two people save one card."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from opora.shared.conflict import Watched


class CardForm(Watched, forms.Form):
    name = forms.CharField(label="Название")
    phone = forms.CharField(label="Телефон", required=False)
    kind = forms.ChoiceField(label="Вид", choices=[("a", "Взрослая"), ("c", "Детская")])
    days = forms.MultipleChoiceField(
        label="Дни", choices=[("1", "пн"), ("6", "сб")], required=False, widget=forms.CheckboxSelectMultiple
    )
    is_open = forms.BooleanField(label="Открыта", required=False)
    since = forms.DateField(label="С", required=False)


CARD: dict[str, Any] = {
    "name": "Поликлиника",
    "phone": "111",
    "kind": "a",
    "days": ["1"],
    "is_open": True,
    "since": None,
}


def sent(opened: dict[str, Any], **typed: Any) -> QueryDict:
    """What her browser sends: the card as she opened it, with what she typed."""
    form = CardForm(initial=opened)
    data = QueryDict(mutable=True)
    for name, value in {**opened, **typed, "opened": form.fields["opened"].initial}.items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is True:
            data[name] = "on"
        elif value not in (False, None):
            data[name] = str(value)
    return data


def compared(data: QueryDict, now: dict[str, Any]) -> CardForm:
    form = CardForm(data, initial=now)
    assert form.is_valid(), form.errors
    return form


def test_an_untouched_card_is_simply_saved() -> None:
    form = compared(sent(CARD, phone="222"), now=CARD)

    assert form.differences == []
    assert form.changes["phone"] == "222"
    assert "opened" not in form.changes


def test_both_changed_one_field_and_she_must_decide() -> None:
    form = compared(sent(CARD, phone="222"), now={**CARD, "phone": "333"})

    (found,) = form.differences
    assert (found.label, found.before, found.theirs, found.mine, found.choice) == ("Телефон", "111", "333", "222", "")


def test_what_only_one_of_them_changed_is_suggested() -> None:
    form = compared(sent(CARD, phone="222"), now={**CARD, "name": "Больница"})

    assert {found.name: found.choice for found in form.differences} == {"name": "theirs", "phone": "mine"}


def test_the_same_change_by_both_is_no_conflict() -> None:
    assert compared(sent(CARD, phone="333"), now={**CARD, "phone": "333"}).differences == []


def test_differences_speak_in_words() -> None:
    now = {**CARD, "kind": "c", "days": ["1", "6"], "is_open": False}
    found = {each.name: each for each in compared(sent(CARD), now=now).differences}

    assert (found["kind"].theirs, found["kind"].mine) == ("Детская", "Взрослая")
    assert (found["days"].theirs, found["days"].mine) == ("пн, сб", "пн")
    assert (found["is_open"].theirs, found["is_open"].mine) == ("нет", "да")


def test_her_choice_takes_the_colleagues_value_and_keeps_the_rest() -> None:
    now = {**CARD, "name": "Больница", "days": ["6"]}
    data = sent(CARD, phone="222", name="Клиника")
    data["opened"] = str(CardForm(initial=now).fields["opened"].initial)  # the page of differences carries a new mark
    data["take-name"], data["take-days"], data["take-phone"] = "mine", "theirs", "mine"

    form = compared(data, now=now)

    assert form.differences == []
    assert form.changes == {**CARD, "name": "Клиника", "phone": "222", "days": ["6"]}


def test_a_third_hand_in_between_is_seen_again() -> None:
    data = sent(CARD, phone="222")
    data["take-phone"] = "mine"

    assert compared(data, now={**CARD, "phone": "444"}).differences


@pytest.mark.parametrize("token", ["", "forged", "x" * 5000])
def test_a_form_without_its_mark_is_not_saved_blindly(token: str) -> None:
    data = sent(CARD, phone="222")
    data["opened"] = token
    form = CardForm(data, initial=CARD)

    assert not form.is_valid()
    assert "222" in str(form["phone"])
    assert form["opened"].value() == form.fields["opened"].initial  # the next attempt will do
