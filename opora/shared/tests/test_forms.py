from datetime import date, timedelta

import pytest
from django import forms
from django.db import models
from django.utils import timezone

from opora.shared.forms import PhoneField, RuDateField, Segments


class CardForm(forms.Form):
    surname = forms.CharField(label="Фамилия", help_text="Как в паспорте.")
    birth_on = RuDateField(label="Дата рождения", required=False)
    phone = PhoneField(label="Телефон", required=False)
    sex = forms.ChoiceField(label="Пол", choices=[("f", "Женский"), ("m", "Мужской")], widget=Segments)
    agreed = forms.BooleanField(label="Согласна", required=False)

    def clean(self):
        if self.cleaned_data.get("surname") == "Никто":
            raise forms.ValidationError("Такого человека нет.")


GOOD = {"surname": "Иванова", "sex": "f"}
DAYS = [
    ("14.03.1985", date(1985, 3, 14)),
    ("140385", date(1985, 3, 14)),
    ("14.3.85", date(1985, 3, 14)),
    ("1985-03-14", date(1985, 3, 14)),
    (" 14 марта 1985 г. ", date(1985, 3, 14)),
    ("", None),
]


@pytest.mark.parametrize(("typed", "day"), DAYS)
def test_day_is_read_in_any_writing(typed, day):
    form = CardForm(GOOD | {"birth_on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["birth_on"] == day


def test_yesterday_is_local():
    form = CardForm(GOOD | {"birth_on": "вчера"})
    assert form.is_valid()
    assert form.cleaned_data["birth_on"] == timezone.localdate() - timedelta(days=1)


def test_a_day_that_does_not_exist_is_refused_with_the_reason():
    form = CardForm(GOOD | {"birth_on": "31.02.1985"})
    assert form.errors["birth_on"] == ["Даты 31.02.1985 нет: в феврале 1985 года 28 дней"]


@pytest.mark.parametrize("typed", ["8 (900) 000 00 00", "+79000000000", "9000000000"])
def test_phone_is_the_same_number_in_any_writing(typed):
    form = CardForm(GOOD | {"phone": typed})
    assert form.is_valid()
    assert form.cleaned_data["phone"] == "+79000000000"


def test_phone_and_day_are_shown_back_as_they_are_printed():
    html = str(CardForm(initial={"phone": "+79000000000", "birth_on": date(1985, 3, 14)}))
    assert 'value="+7 900 000-00-00"' in html
    assert 'value="14.03.1985"' in html


def test_label_help_and_error_belong_to_their_field():
    html = str(CardForm({"sex": "f"}))
    assert '<label for="id_surname">Фамилия</label>' in html
    assert 'aria-describedby="id_surname_helptext id_surname_error"' in html
    assert 'id="id_surname_helptext">Как в паспорте.' in html
    assert 'id="id_surname_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'Дата рождения <span class="optional">необязательно</span>' in html


def test_summary_links_to_each_field_in_fault():
    html = str(CardForm({"birth_on": "99.99.99", "sex": "f"}))
    assert '<a href="#id_surname">Фамилия: Заполните это поле.</a>' in html
    assert '<a href="#id_birth_on">Дата рождения: ' in html
    assert "Такого человека нет." in str(CardForm({"surname": "Никто", "sex": "f"}))


def test_a_form_without_faults_has_no_summary():
    assert "data-summary" not in str(CardForm())
    assert "data-summary" not in str(CardForm(GOOD))


def test_segments_are_radios_in_a_named_group():
    html = str(CardForm(GOOD))
    assert "<legend>Пол</legend>" in html
    assert html.count('type="radio"') == 2
    assert html.count("Женский") == 1


def test_segments_leave_out_the_empty_choice_and_selects_ask_in_russian():
    class Sex(models.TextChoices):
        FEMALE = "f", "Женский"

    field = models.CharField("Пол", choices=Sex.choices).formfield(widget=Segments)
    select = models.CharField("Пол", choices=Sex.choices).formfield()
    assert str(field.widget.render("sex", "")).count('type="radio"') == 1
    assert "Выберите" in select.widget.render("sex", "")


def test_markup_typed_by_a_person_stays_text():
    html = str(CardForm({"surname": "<script>alert(1)</script>", "sex": "<b>"}))
    assert "<script>" not in html
    assert "<b>" not in html
