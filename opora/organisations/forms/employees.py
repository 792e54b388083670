"""Cards of employees and their assignments."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone

from opora.organisations.models import Department, Employee, Organisation, Post, Role
from opora.organisations.services.assignments import Place
from opora.shared.conflict import Watched
from opora.shared.forms import RuDateField

LOGIN = RegexValidator(r"^[a-z0-9][a-z0-9._@-]{1,63}$", "Логин — латинские буквы, цифры, точка, дефис; от двух знаков.")
NAMES = ["surname", "given_name", "patronymic", "login", "email", "phone"]


class LoginField(forms.CharField):
    """Logins are lower-case whatever is typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Логин", max_length=64, validators=[LOGIN], **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").lower()


class EmployeeForm(Watched, forms.ModelForm):
    login = LoginField()
    guid = forms.UUIDField(label="GUID в обмене", help_text="Под ним сотрудника знают в файлах обмена.")

    class Meta:
        model = Employee
        fields = [*NAMES, "guid"]


# The same form comes back with the roles, departments and posts of the chosen organisation and all that was typed.
NARROWING = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-include": "closest form",
    "hx-vals": '{"narrow": "1"}',
    "hx-target": "closest form",
    "hx-select": "form[data-main]",
    "hx-swap": "outerHTML",
}


class PlaceForm(forms.Form):
    """Where and as what: the role, the department and the post are narrowed by the chosen organisation."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="Организация")
    role = forms.ModelChoiceField(Role.objects.none(), label="Роль")
    department = forms.ModelChoiceField(Department.objects.none(), label="Отдел", required=False)
    post = forms.ModelChoiceField(Post.objects.none(), label="Пост в клинике", required=False)
    since = RuDateField(label="С какого дня", initial=timezone.localdate)
    until = RuDateField(label="По какой день", required=False, help_text="Последний день работы. Пусто — без срока.")

    def __init__(self, *args: Any, by: Employee, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manageable = Organisation.objects.manageable_by(by).current()
        self.fields["organisation"].queryset = manageable  # type: ignore[attr-defined]
        self.fields["organisation"].widget.attrs |= NARROWING
        self.chosen = self._chosen(manageable, chosen)
        if self.chosen is not None and not self.is_bound:
            self.fields["organisation"].initial = self.chosen.pk
        kinds = [self.chosen.kind] if self.chosen else list(manageable.values_list("kind", flat=True).distinct())
        self.fields["role"].queryset = Role.objects.filter(organisation_kinds__overlap=kinds)  # type: ignore[attr-defined]
        for name, rows in (("department", Department.objects), ("post", Post.objects.select_related("site"))):
            of_chosen = rows.filter(organisation=self.chosen) if self.chosen else rows.none()
            self.fields[name].queryset = of_chosen  # type: ignore[attr-defined]
            if not of_chosen.exists():
                self.fields[name].widget = forms.HiddenInput()

    def _chosen(self, manageable: QuerySet[Organisation], chosen: str) -> Organisation | None:
        named = str(self.data.get(self.add_prefix("organisation"), "")) if self.is_bound else chosen
        if named:
            return manageable.filter(pk=named).first() if named.isdecimal() and len(named) < 19 else None
        few = list(manageable[:2])
        return few[0] if len(few) == 1 else None

    @property
    def place(self) -> Place:
        data = self.cleaned_data
        return Place(data["organisation"], data["role"], data.get("department"), data.get("post"))


class PersonForm(forms.Form):
    """Who a new employee is."""

    surname = forms.CharField(label="Фамилия", max_length=100)
    given_name = forms.CharField(label="Имя", max_length=100)
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)
    login = LoginField()
    email = forms.EmailField(label="Рабочая почта", required=False)
    phone = forms.CharField(label="Внутренний телефон", max_length=20, required=False)

    def clean_login(self) -> str:
        login = str(self.cleaned_data["login"])
        if Employee.objects.filter(login=login).exists():
            raise forms.ValidationError("Такой логин уже занят, выберите другой.", code="taken")
        return login

    @property
    def person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in NAMES}


class NewEmployeeForm(PersonForm, PlaceForm):
    """A person with her first assignment; the password is made by the program."""

    field_order = [*NAMES, "organisation", "role", "department", "post", "since", "until"]


class EndingForm(forms.Form):
    on = RuDateField(label="Последний день работы", initial=timezone.localdate)


class EntryClosureForm(forms.Form):
    why = forms.CharField(
        label="Почему",
        max_length=200,
        help_text="Например: «уволена 14.03.2026», «отпуск по уходу». Причину увидит тот, кто будет открывать вход.",
    )
