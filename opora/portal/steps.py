"""What is asked, one question a step: forms, their order, and the whole as a message for the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from opora.deadlines.errors import PackRefused
from opora.policies.packs import current
from opora.portal.forms import LONGEST_TEXT, BirthField, EnpField
from opora.portal.words import Way
from opora.shared import enp as numbers
from opora.shared import phones
from opora.shared.forms import PhoneField

FILES, CHECK, HELP = "files", "check", "help"


class TextStep(forms.Form):
    text = forms.CharField(
        label="Что случилось или что хотите узнать",
        max_length=LONGEST_TEXT,
        min_length=10,
        widget=forms.Textarea({"rows": 8}),
        help_text="Своими словами: где, когда, что сделали, чего ждёте.",
        error_messages={"min_length": "Напишите подробнее: хотя бы одно предложение."},
    )


class NameStep(forms.Form):
    surname = forms.CharField(label="Фамилия", max_length=100)
    given_name = forms.CharField(label="Имя", max_length=100)
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, word in (("surname", "family-name"), ("given_name", "given-name"), ("patronymic", "additional-name")):
            self.fields[name].widget.attrs["autocomplete"] = word


class PolicyStep(forms.Form):
    birth_on = BirthField(label="Дата рождения", required=False, help_text="Например: 14.03.1985")
    enp = EnpField(label="Номер полиса (ЕНП)", required=False, help_text="16 цифр. Если нет под рукой, пропустите.")


class ContactStep(forms.Form):
    phone = PhoneField(label="Телефон", max_length=40, required=False, widget=forms.TextInput({"autocomplete": "tel"}))
    email = forms.EmailField(label="Электронная почта", max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("phone") and not given.get("email"):
            raise forms.ValidationError("Напишите телефон или почту: иначе мы не сможем ответить.")
        return given


class CategoryStep(forms.Form):
    category = forms.ChoiceField(label="Почему нужна доставка", widget=forms.RadioSelect)

    def __init__(self, *args: Any, territory: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["category"]
        choice.choices = categories(territory)


class AddressStep(forms.Form):
    address = forms.CharField(
        label="Куда привезти",
        max_length=400,
        widget=forms.Textarea({"rows": 3, "autocomplete": "street-address"}),
        help_text="Населённый пункт, улица, дом, квартира, домофон.",
    )
    hours = forms.CharField(
        label="Когда вы дома", max_length=100, required=False, help_text="Например: с 10 до 13. Пусто — в любое время."
    )


class ConsentStep(forms.Form):
    consent = forms.BooleanField(
        label="Согласен на обработку моих данных, чтобы мне ответили",
        error_messages={"required": "Без согласия мы не можем принять обращение. Можно позвонить."},
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One page; ``form`` None — a page of its own (files, answers to look at, the check)."""

    slug: str
    title: str
    form: type[forms.Form] | None = None
    about: str = ""


TEXT = Step("text", "О чём ваш вопрос", TextStep)
LOOK = Step(HELP, "Может быть, ответ уже есть")
NAME = Step("name", "Как вас зовут", NameStep, "Закон просит отвечать тому, кто назвался.")
POLICY = Step("policy", "Как найти вас в регистре", PolicyStep, "Так мы быстрее увидим вашу страховую и поликлинику.")
CONTACT = Step("contact", "Как с вами связаться", ContactStep, "Хватит одного: телефона или почты.")
ATTACH = Step(FILES, "Приложить файлы")
CATEGORY = Step("category", "Кому везти полис", CategoryStep)
ADDRESS = Step("address", "Куда и когда привезти", AddressStep)
LAST = Step(CHECK, "Проверьте и отправьте", ConsentStep)

PATHS: dict[str, Sequence[Step]] = {
    Way.QUESTION: (TEXT, LOOK, NAME, POLICY, CONTACT, ATTACH, LAST),
    Way.DELIVERY: (CATEGORY, ADDRESS, NAME, POLICY, CONTACT, LAST),
}


def step_of(way: str, slug: str) -> Step | None:
    return next((step for step in PATHS[way] if step.slug == slug), None)


def after(way: str, step: Step) -> Step:
    path = PATHS[way]
    return path[min(path.index(step) + 1, len(path) - 1)]


def before(way: str, step: Step) -> Step | None:
    path = PATHS[way]
    place = path.index(step)
    return path[place - 1] if place else None


def missing(way: str, answers: Mapping[str, Any]) -> Step | None:
    """Return the first step that has to be answered and is not."""
    return next((step for step in PATHS[way] if step.form and step is not LAST and step.slug not in answers), None)


def form_of(step: Step, territory: str, answers: Mapping[str, Any], given: Any = None) -> forms.Form:
    """Return the form of a step with what was answered before. ``step`` has a form."""
    more: dict[str, Any] = {"territory": territory} if step is CATEGORY else {}
    assert step.form is not None  # noqa: S101 - the caller chose a step with a form
    return step.form(given, initial=_read(answers.get(step.slug, {})), **more)


def kept(cleaned: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers of a step as a draft keeps them: text, days in ISO 8601."""
    return {name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in cleaned.items()}


def _read(answers: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = dict(answers)
    if found.get("birth_on"):
        found["birth_on"] = date.fromisoformat(found["birth_on"])
    if found.get("phone"):
        found["phone"] = phones.show(found["phone"])
    return found


def categories(territory: str) -> list[tuple[str, str]]:
    """Return whom a policy is brought to, by the pack in force; none where there is no pack."""
    try:
        pack = current(territory, timezone.localdate())
    except PackRefused:
        return []
    return [(one.code, one.title) for one in pack.categories]


def name_of(answers: Mapping[str, Any]) -> str:
    named = answers.get("name", {})
    return " ".join(filter(None, (named.get(part, "") for part in ("surname", "given_name", "patronymic"))))


def lines_of(way: str, answers: Mapping[str, Any], territory: str) -> list[tuple[Step, str, str]]:
    """Return what was answered as it is shown before sending: (step, label, words)."""
    found: list[tuple[Step, str, str]] = []
    for step in PATHS[way]:
        given = answers.get(step.slug)
        if step.form is None or step is LAST or given is None:
            continue
        for name, field in form_of(step, territory, answers).fields.items():
            found.append((step, str(field.label), _words(name, given.get(name, ""), territory) or "не указано"))
    return found


def text_of(way: str, answers: Mapping[str, Any], territory: str) -> str:
    """Return the message as the journal keeps it: his own words, then what he answered about himself."""
    own = str(answers.get("text", {}).get("text", ""))
    head = own if way == Way.QUESTION else "Просьба привезти полис домой."
    lines = [f"{label}: {words}" for step, label, words in lines_of(way, answers, territory) if step is not TEXT]
    return "\n".join([head, "", *lines])


def _words(name: str, value: str, territory: str) -> str:
    if not value:
        return ""
    match name:
        case "birth_on":
            return f"{date.fromisoformat(value):%d.%m.%Y}"
        case "enp":
            return numbers.show(value)
        case "phone":
            return phones.show(value)
        case "category":
            return dict(categories(territory)).get(value, value)
    return value
