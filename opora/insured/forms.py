"""Forms of the card. What the caller dictates is understood in any writing; what looks wrong is said before saving."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils import timezone

from opora.access.scope import Sees
from opora.insured.errors import PeriodReversed
from opora.insured.models import (
    Attachment,
    Consent,
    Contact,
    FormerName,
    IdentityDocument,
    Person,
    PersonCategory,
    Policy,
)
from opora.insured.rules import LANGUAGES, TIME_ZONES, birth_fault, name_doubts, number_doubts
from opora.organisations.models import Organisation, Site
from opora.shared import enp, snils
from opora.shared.conflict import Watched
from opora.shared.dates import show
from opora.shared.forms import RuDateField, Segments
from opora.shared.names import clean_name

if TYPE_CHECKING:
    from opora.organisations.models import Employee

NAMES = ("surname", "given_name", "patronymic")
SURE = "sure"
PASSPORT = re.compile(r"\d{4} \d{6}")


class Doubting:
    """A form that says its doubts and saves all the same when she has looked — or refuses, as the setting says."""

    doubts: dict[str, str]

    def add_sure(self, label: str = "Проверено, сохранить так") -> None:
        self.fields[SURE] = forms.BooleanField(required=False, label=label, widget=forms.HiddenInput)  # type: ignore[attr-defined]
        self.doubts = {}

    def doubt(self, doubts: dict[str, str]) -> None:
        """Turn doubts into refusals beside the fields, unless they may be and have been confirmed."""
        self.doubts = doubts
        denied = settings.ENP_CONTROL == "deny"
        if not doubts or (self.cleaned_data.get(SURE) and not denied):  # type: ignore[attr-defined]
            return
        for field, sentence in doubts.items():
            self.add_error(field, forms.ValidationError(f"{sentence}.", code="doubt"))  # type: ignore[attr-defined]
        if not denied:
            self.fields[SURE].widget = forms.CheckboxInput()  # type: ignore[attr-defined]


class Worded:
    """A form without the English «- Select an option -»: nothing is chosen in lists, segments begin empty."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                offered: list[Any] = list(field.choices)  # type: ignore[arg-type]  # a form's choices are always listed
                chosen = [(value, label) for value, label in offered if value not in ("", None)]
                blank = (
                    [] if isinstance(field.widget, forms.RadioSelect) else [("", "Выберите" if field.required else "")]
                )
                has_blank = len(chosen) < len(offered)
                field.choices = [*(blank if has_blank else []), *chosen]
            elif isinstance(field, forms.ModelChoiceField):
                field.empty_label = "Выберите" if field.required else "Не указано"


class NamesMixin:
    cleaned_data: dict[str, Any]

    def _name(self, field: str) -> str:
        try:
            return clean_name(self.cleaned_data.get(field) or "")
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def clean_surname(self) -> str:
        return self._name("surname")

    def clean_given_name(self) -> str:
        return self._name("given_name")

    def clean_patronymic(self) -> str:
        return self._name("patronymic")


class PersonForm(Worded, NamesMixin, Doubting, forms.ModelForm):
    """Who he is. Shared by the correction of a card and by a new one."""

    enp = forms.CharField(label="ЕНП", required=False, max_length=40, help_text="16 цифр, пробелы не важны")
    snils = forms.CharField(label="СНИЛС", required=False, max_length=40, help_text="112-233-445 95")
    language = forms.ChoiceField(label="Язык", choices=list(LANGUAGES.items()), initial="ru")
    all_optional = True  # a person without a surname or without a given name exists; the form says which one is missing

    class Meta:
        model = Person
        fields = [*NAMES, "birth_on", "sex", "enp", "snils", "language", "time_zone"]
        field_classes = {"birth_on": RuDateField, "died_on": RuDateField}
        widgets = {"sex": Segments(choices=Person.Sex.choices)}
        help_texts = {"birth_on": "Например, 140385 или 14.03.1985", "surname": "Как в документе"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [("", "Как в территории"), *TIME_ZONES.items()]
        if (known := self.instance.time_zone) and known not in TIME_ZONES:
            zones.append((known, known))
        self.fields["time_zone"] = forms.ChoiceField(label="Часовой пояс", choices=zones, required=False)
        self.fields["language"].choices = self._languages()  # type: ignore[attr-defined]
        for field in ("surname", "given_name"):
            self.fields[field].widget.attrs["autocomplete"] = "off"

    def _languages(self) -> list[tuple[str, str]]:
        known = self.instance.language
        return [*LANGUAGES.items(), *([(known, known)] if known and known not in LANGUAGES else [])]

    def clean_birth_on(self) -> Any:
        day = self.cleaned_data["birth_on"]
        if fault := birth_fault(day, timezone.localdate()):
            raise forms.ValidationError(f"{fault}.")
        return day

    def clean_enp(self) -> str | None:
        return _number(self.cleaned_data["enp"], enp.normalise)

    def clean_snils(self) -> str | None:
        return _number(self.cleaned_data["snils"], snils.normalise)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "surname" in cleaned and "given_name" in cleaned and not (cleaned["surname"] or cleaned["given_name"]):
            self.add_error("surname", "Напишите фамилию или имя.")
        died_on, birth_on = cleaned.get("died_on"), cleaned.get("birth_on")
        if died_on and died_on > timezone.localdate():
            self.add_error("died_on", "Дата смерти не может быть в будущем.")
        if died_on and birth_on and died_on < birth_on:
            self.add_error("died_on", "Дата смерти раньше даты рождения.")
        self.doubt(self._fresh_doubts(cleaned))
        return cleaned

    def _fresh_doubts(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """Doubts about what she has typed now; what the card had before is shown on the page, not here."""
        changed = {name: cleaned.get(name) or "" for name in (*NAMES, "enp", "snils") if name in self.changed_data}
        doubts = name_doubts([(name, changed[name]) for name in NAMES if name in changed])
        return doubts | number_doubts(enp=changed.get("enp"), snils=changed.get("snils"))

    def _get_validation_exclusions(self) -> set[str]:
        """The ЕНП of somebody out of sight is as taken as any: the service answers for both, in one sentence."""
        return super()._get_validation_exclusions() | {"enp"}  # type: ignore[misc]


class IdentityForm(Watched, PersonForm):  # type: ignore[misc]  # Watched.clean passes on what the form returns
    """The correction of a card."""

    keep_former = forms.BooleanField(
        label="Сменилось имя, а не исправлена описка: прежнее оставить для поиска", required=False, initial=True
    )

    class Meta(PersonForm.Meta):
        fields = [*PersonForm.Meta.fields, "died_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_sure()

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.changes.items() if name not in {SURE, "keep_former"}}


class NewPersonForm(PersonForm):
    """A card made by hand, with the policy that gives it a place in the register."""

    policy_kind = forms.ChoiceField(
        label="Вид полиса", choices=Policy.Kind.choices, initial=Policy.Kind.UNIFORM, widget=forms.Select
    )
    policy_number = forms.CharField(
        label="Номер полиса", required=False, max_length=20, help_text="Пусто — тот же, что ЕНП"
    )
    policy_since = RuDateField(label="Полис действует с")
    insurer = forms.ModelChoiceField(Organisation.objects.none(), label="Страховая")
    another = forms.BooleanField(required=False, label="Это другой человек, создать карточку", widget=forms.HiddenInput)

    def __init__(self, *args: Any, employee: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        insurers = insurers_for(employee)
        self.fields["insurer"].queryset = insurers  # type: ignore[attr-defined]
        if employee.scope.sees == Sees.INSURER:
            self.fields["insurer"].initial = employee.scope.insurer
        self.add_sure()

    def ask_whether_another(self) -> None:
        self.fields["another"].widget = forms.CheckboxInput()

    def clean_policy_since(self) -> Any:
        day = self.cleaned_data["policy_since"]
        if day > timezone.localdate():
            raise forms.ValidationError("Полис ещё не действует. Карточку добавляют с действующим полисом.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("enp") and not cleaned.get("policy_number") and "enp" in cleaned:
            self.add_error("policy_number", "Напишите номер полиса или ЕНП.")
        return cleaned

    @property
    def identity(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PersonForm.Meta.fields}


class Forward:
    """A row with a period that must not run backwards; the names of the two fields are ``ends``."""

    ends = ("since", "until")
    cleaned_data: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data  # type: ignore[misc]
        since, until = (cleaned.get(name) for name in self.ends)
        if since and until and until < since:
            self.add_error(self.ends[1], f"{PeriodReversed().sentence} Начало — {show(since)}.")  # type: ignore[attr-defined]
        return cleaned


class ContactForm(Worded, forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["kind", "value", "owner", "source", "is_preferred"]
        widgets = {"kind": Segments(choices=Contact.Kind.choices), "value": forms.TextInput({"autocomplete": "off"})}
        labels = {"value": "Телефон, почта или адрес", "is_preferred": "Звонить сюда в первую очередь"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = Contact.Kind.PHONE
        self.fields["source"].initial = Contact.Source.CALL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Contact.Kind.EMAIL and cleaned.get("value"):
            try:
                validate_email(cleaned["value"].strip())
            except forms.ValidationError:
                self.add_error("value", "Это не похоже на адрес почты. Пример: imya@example.ru")
        if cleaned.get("kind") == Contact.Kind.PHONE and not re.search(
            r"\d{5}", re.sub(r"\D", "", cleaned.get("value") or "")
        ):
            self.add_error("value", "В номере слишком мало цифр.")
        return cleaned


class ConsentForm(Worded, Forward, forms.ModelForm):
    ends = ("decided_on", "until")
    is_granted = forms.TypedChoiceField(
        label="Что сказал",
        choices=[("1", "Разрешил"), ("0", "Отказался")],
        coerce=lambda value: value == "1",
        widget=Segments,
    )

    class Meta:
        model = Consent
        fields = ["channel", "purpose", "is_granted", "decided_on", "until", "source"]
        field_classes = {"decided_on": RuDateField, "until": RuDateField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].initial = timezone.localdate
        self.fields["source"].initial = Contact.Source.CALL

    def clean_decided_on(self) -> Any:
        if self.cleaned_data["decided_on"] > timezone.localdate():
            raise forms.ValidationError("Решение не может быть из будущего.")
        return self.cleaned_data["decided_on"]


class CategoryForm(Watched, Worded, Forward, forms.ModelForm):  # type: ignore[misc]  # as IdentityForm
    class Meta:
        model = PersonCategory
        fields = ["code", "since", "until"]
        field_classes = {"since": RuDateField, "until": RuDateField}


class DocumentForm(Watched, Worded, forms.ModelForm):
    class Meta:
        model = IdentityDocument
        fields = ["kind", "series", "number", "issued_on", "issuer", "is_current"]
        field_classes = {"issued_on": RuDateField}
        widgets = {"issuer": forms.TextInput}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("series", "number"):
            cleaned[name] = re.sub(r"\s+", "", cleaned.get(name) or "")
        whole = f"{cleaned['series']} {cleaned['number']}"
        if cleaned.get("kind") == IdentityDocument.Kind.PASSPORT and not PASSPORT.fullmatch(whole):
            self.add_error("number", "У паспорта серия из 4 цифр и номер из 6.")
        issued_on = cleaned.get("issued_on")
        if issued_on and issued_on > timezone.localdate():
            self.add_error("issued_on", "Дата выдачи не может быть в будущем.")
        return cleaned


class FormerNameForm(NamesMixin, forms.ModelForm):
    class Meta:
        model = FormerName
        fields = [*NAMES, "until"]
        field_classes = {"until": RuDateField}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("surname") or cleaned.get("given_name")):
            self.add_error("surname", "Напишите прежнюю фамилию или имя.")
        return cleaned


class PolicyForm(Watched, Worded, Forward, forms.ModelForm):
    class Meta:
        model = Policy
        fields = ["kind", "series", "number", "insurer", "since", "until"]
        field_classes = {"since": RuDateField, "until": RuDateField}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        number = cleaned["number"] = re.sub(r"[\s\-]+", "", cleaned.get("number") or "")
        kind = cleaned.get("kind")
        if kind in {Policy.Kind.UNIFORM, Policy.Kind.ELECTRONIC} and not re.fullmatch(r"\d{16}", number):
            self.add_error("number", f"У этого полиса номер из 16 цифр, а здесь знаков: {len(number)}.")
        if kind == Policy.Kind.TEMPORARY and len(number) != 9:
            self.add_error("number", f"У временного свидетельства 9 знаков, а здесь {len(number)}.")
        return cleaned


class AttachmentForm(Watched, Worded, Forward, forms.ModelForm):
    class Meta:
        model = Attachment
        fields = ["profile", "provider", "site", "area", "doctor_snils", "since", "until"]
        field_classes = {"since": RuDateField, "until": RuDateField}

    def clean_doctor_snils(self) -> str:
        return _number(self.cleaned_data["doctor_snils"], snils.normalise) or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        site, provider = cleaned.get("site"), cleaned.get("provider")
        if site and provider and site.organisation_id != provider.pk:
            self.add_error("site", "Эта площадка другой клиники.")
        return cleaned


def narrow(form: Any, employee: Employee) -> None:
    """Leave in the choices what the employee may name: organisations of her territory, her own insurer's policies."""
    fields = form.fields
    if "insurer" in fields:
        fields["insurer"].queryset = insurers_for(employee)
        if employee.scope.sees == Sees.INSURER:
            fields["insurer"].initial = employee.scope.insurer
    if "provider" in fields:
        fields["provider"].queryset = Organisation.objects.accessible_to(employee).providers().current()
        sites = Site.objects.filter(organisation__in=fields["provider"].queryset).select_related("organisation")
        fields["site"].queryset = sites.order_by("organisation__name", "name")
        fields["site"].label_from_instance = lambda site: f"{site.organisation.name}: {site.name}"


def insurers_for(employee: Employee) -> QuerySet[Organisation]:
    """An insurer names itself, the fund any of its territory."""
    if employee.scope.sees == Sees.INSURER and employee.scope.insurer:
        return Organisation.objects.filter(pk=employee.scope.insurer)
    return Organisation.objects.accessible_to(employee).insurers().current()


def _number(text: str, normalise: Any) -> str | None:
    if not text or not text.strip():
        return None
    try:
        return str(normalise(text))
    except ValueError as fault:
        raise forms.ValidationError(f"{fault}.") from fault


class DayForm(forms.Form):
    """As of which day."""

    on = RuDateField(label="На день")
