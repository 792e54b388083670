"""Cards of organisations, their parts and their weeks."""

from typing import Any

from django import forms
from django.utils import timezone

from opora.organisations.hours import DAYS, NO_HOURS, Week, WeekUnclear, day_text, parse_week
from opora.organisations.models import Department, Employee, HotLine, Organisation, Post, Site, Territory
from opora.shared import phones
from opora.shared.conflict import Watched
from opora.shared.forms import PhoneField, RuDateField

# The zones of the Federation, west to east; another one already set stays in the list.
ZONES = {
    "Europe/Kaliningrad": "Калининград, UTC+2",
    "Europe/Moscow": "Москва, UTC+3",
    "Europe/Samara": "Самара, UTC+4",
    "Asia/Yekaterinburg": "Екатеринбург, UTC+5",
    "Asia/Omsk": "Омск, UTC+6",
    "Asia/Novosibirsk": "Новосибирск, UTC+7",
    "Asia/Krasnoyarsk": "Красноярск, UTC+7",
    "Asia/Barnaul": "Барнаул, UTC+7",
    "Asia/Irkutsk": "Иркутск, UTC+8",
    "Asia/Yakutsk": "Якутск, UTC+9",
    "Asia/Vladivostok": "Владивосток, UTC+10",
    "Asia/Magadan": "Магадан, UTC+11",
    "Asia/Kamchatka": "Камчатка, UTC+12",
}


class LineField(PhoneField):
    """A telephone, or a short service number of three to six digits (122)."""

    def to_python(self, value: Any) -> str:
        bare = phones.digits(str(value or ""))
        return bare if 3 <= len(bare) <= 6 and str(value).strip() == bare else super().to_python(value)


class OrganisationForm(Watched, forms.ModelForm):
    """The card. Kind, territory and head organisation stay what they were: roles and scopes hang on them."""

    time_zone = forms.ChoiceField(label="Часовой пояс", required=False)

    class Meta:
        model = Organisation
        fields = ["name", "full_name", "code", "time_zone", "address", "email", "website"]

    def __init__(self, *args: Any, by: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_territory = f"пояс территории: {zone_label(self.instance.territory.time_zone)}"
        choices = {"": of_territory} | ZONES
        if self.instance.time_zone:
            choices.setdefault(self.instance.time_zone, self.instance.time_zone)
        self.fields["time_zone"].choices = list(choices.items())  # type: ignore[attr-defined]
        if by.scope.sees not in ("all", "territory"):
            self.fields["code"].disabled = True
            self.fields["code"].help_text = "Код в реестре меняет администратор фонда."


class NewOrganisationForm(forms.ModelForm):
    """A new organisation of the territory of ``by``, or a branch of her insurer."""

    class Meta:
        model = Organisation
        fields = ["kind", "code", "name", "full_name", "territory", "parent", "address", "email"]

    def __init__(self, *args: Any, by: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = by.scope.organisation
        self.fields["territory"].queryset = Territory.objects.all()  # type: ignore[attr-defined]
        self.fields["parent"].help_text = "Только для филиала страховой."
        if by.scope.sees == "territory":
            self._fix("territory", by.scope.territory)
            insurers = Organisation.objects.insurers().current().filter(territory=by.scope.territory)
            self.fields["parent"].queryset = insurers  # type: ignore[attr-defined]
        elif by.scope.sees != "all":
            self.fields["parent"].queryset = Organisation.objects.filter(pk=own or 0)  # type: ignore[attr-defined]
            self._fix("parent", own)
            self._fix("kind", Organisation.Kind.BRANCH)

    def _fix(self, name: str, value: Any) -> None:
        """Decide a field for her and leave it out of sight."""
        self.fields[name].initial = value
        self.fields[name].disabled = True
        self.fields[name].widget = forms.HiddenInput()


class ClosureForm(forms.Form):
    on = RuDateField(label="Закрыта с", initial=timezone.localdate, help_text="Последний рабочий день — накануне.")
    why = forms.CharField(label="Почему", max_length=200, help_text="Например: «реорганизация, приказ № 12».")


class SiteForm(Watched, forms.ModelForm):
    phone = LineField(label="Телефон регистратуры", required=False)

    class Meta:
        model = Site
        fields = ["name", "code", "address", "phone"]


class HotLineForm(Watched, forms.ModelForm):
    phone = LineField(label="Телефон")

    class Meta:
        model = HotLine
        fields = ["phone", "title", "is_round_the_clock"]


class DepartmentForm(Watched, forms.ModelForm):
    class Meta:
        model = Department
        fields = ["name"]


class PostForm(Watched, forms.ModelForm):
    """A desk in a clinic of the same territory."""

    phone = LineField(label="Телефон", required=False)
    since = RuDateField(label="Работает с", required=False)
    until = RuDateField(label="Работает по", required=False, help_text="Пусто — без срока.")

    class Meta:
        model = Post
        fields = ["site", "room", "phone", "since", "until"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        providers = Organisation.objects.providers().current().filter(territory=organisation.territory_id)
        sites = Site.objects.filter(organisation__in=providers).select_related("organisation")
        site: Any = self.fields["site"]
        site.queryset = sites.order_by("organisation__name", "name")
        site.label_from_instance = lambda row: f"{row.organisation}: {row.name}"
        site.label = "Поликлиника и корпус"


class WeekForm(Watched, forms.Form):
    """Seven lines, Monday first; a day is typed as people say it (``hours.parse_day``)."""

    all_optional = True

    def __init__(self, *args: Any, week: Week = NO_HOURS, **kwargs: Any) -> None:
        typed = {name: day_text(day) if any(week) else "" for name, day in zip(names(), week, strict=True)}
        self.week = week
        super().__init__(*args, initial=typed, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            name: forms.CharField(label=label, required=False, max_length=200)
            for name, label in zip(names(), LABELS, strict=True)
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        try:
            self.week = parse_week([cleaned.get(name, "") for name in names()])
        except WeekUnclear as fault:
            for number, sentence in fault.faults.items():
                self.add_error(names()[number], sentence)
        else:  # what is shown and compared is the one writing of each day
            cleaned |= {
                name: day_text(day) if any(self.week) else "" for name, day in zip(names(), self.week, strict=True)
            }
        return cleaned


LABELS = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"]


def names() -> list[str]:
    return [f"day{number}" for number in range(1, len(DAYS) + 1)]


def zone_label(zone: str) -> str:
    return ZONES.get(zone, zone)
