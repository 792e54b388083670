"""Two people save the same card: the second sees field by field what differs and decides; nothing she typed is lost.

A form that inherits ``Watched`` carries, signed, what its card looked like when she opened it. Compared with the card
as it is now this tells her own changes from her colleague's. The room does three things:

    # forms.py — Watched stands first
    class SiteForm(Watched, forms.ModelForm): ...

    # services.py — whoever calls, a stale version is refused under the row's lock
    @transaction.atomic
    def change_site(site: Site, *, version: int, changes: Mapping[str, Any], by: Employee) -> Site:
        site = locked(Site, site.pk, version=version)
        changed = apply(site, changes)                 # {"phone": ["222", "333"]}; version + 1
        if changed:
            audit.record("organisations.site.change", site, by=by, details={"changed": changed})
        return site

    # views.py — the row is locked before it is compared, so nobody slips in between
    site = get_object_or_404(Site.objects.select_for_update() if request.method == "POST" else Site.objects, pk=pk)
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card=f"площадку «{site}»")
        services.change_site(site, version=site.version, changes=form.changes, by=request.user)
        return redirect(...)

Her answer on the page of differences comes back to the same view as an ordinary POST of the same form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from opora.shared.errors import DomainError

OPENED, TAKE = "opened", "take-"
SALT = "opora.shared.conflict"
MINE, THEIRS = "mine", "theirs"
Raw = list[str]  # what a browser sends for one field


class ChangedMeanwhile(DomainError, status=409):
    """Карточку успел изменить другой сотрудник. Откройте её заново и повторите изменение."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field where her text and the card differ. ``choice`` is what we suggest; empty — both changed it."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    choice: str


class Watched:
    """Mix into a form (before ``forms.Form`` or ``forms.ModelForm``) so that a second save loses nothing."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    data: Any
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= self.more_fields()
        self.now = {name: raw(field, self.get_initial_for_field(field, name)) for name, field in self.fields.items()}  # type: ignore[attr-defined]
        self.fields[OPENED] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=signing.dumps(self.now, salt=SALT, compress=True)
        )
        self.before: dict[str, Raw] | None = None
        if self.is_bound:
            self.before = _read(self.data.get(self.add_prefix(OPENED), ""))  # type: ignore[attr-defined]
            self.data = self._decided(self.data)

    def more_fields(self) -> dict[str, forms.Field]:
        """Fields that are known only at run time; a form of its own rows overrides it."""
        return {}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()  # type: ignore[misc]
        if self.before is None:
            self.data = self.data.copy()
            self.data[self.add_prefix(OPENED)] = self.fields[OPENED].initial  # type: ignore[attr-defined]
            raise forms.ValidationError(
                "Не видно, какой карточка была при открытии. Проверьте поля и сохраните ещё раз.", code="opened"
            )
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """Cleaned values of the card's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != OPENED}

    @property
    def differences(self) -> list[Difference]:
        """Fields to decide about; empty while nobody else has touched what this form shows. Asks nothing."""
        before = self.before or self.now
        if all(before.get(name, now) == now for name, now in self.now.items()):
            return []
        return [found for name in self.now if (found := self._difference(name, before.get(name, self.now[name])))]

    def _difference(self, name: str, before: Raw) -> Difference | None:
        field, theirs = self.fields[name], self.now[name]
        mine = raw(field, self.cleaned_data.get(name))
        if mine == theirs:
            return None
        choice = THEIRS if mine == before else MINE if theirs == before else ""
        label = str(field.label or name)
        return Difference(name, label, shown(field, before), shown(field, theirs), shown(field, mine), choice)

    def _decided(self, data: QueryDict) -> QueryDict:
        """Return the data with the colleague's values where she chose them on the page of differences."""
        taken = [name for name in self.now if data.get(TAKE + name) == THEIRS]
        if not taken or self.before is None:
            return data
        data = data.copy()
        for name in taken:
            data.setlist(self.add_prefix(name), self.before.get(name, []))  # type: ignore[attr-defined]
        return data


def page(request: HttpRequest, form: Any, *, card: str, who: str = "") -> HttpResponse:
    """Return the page of differences (409). ``card`` is in the accusative: «карточку Ивановой А. П.»."""
    differences = form.differences
    fresh = form.fields[OPENED].initial
    hidden = [(form.add_prefix(name), value) for name, field in form.fields.items() for value in _sent(form, name)]
    hidden.append((form.add_prefix(OPENED), fresh))
    context = {
        "differences": differences,
        "hidden": hidden,
        "card": card,
        "who": who,
        "undecided": sum(not difference.choice for difference in differences),
    }
    return render(request, "ui/conflict.html", context, status=ChangedMeanwhile.status)


def locked[M: models.Model](model: type[M], pk: Any, *, version: int) -> M:
    """Return the row under lock. Raises ChangedMeanwhile if its ``version`` is not the one the caller has seen."""
    row = model._default_manager.select_for_update().get(pk=pk)
    if getattr(row, "version", version) != version:
        raise ChangedMeanwhile
    return row


def apply(row: models.Model, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set and save what really changed, count the version; return ``{field: [before, after]}`` for the audit line."""
    names = list(changes)
    before = model_to_dict(row, fields=names)
    for name, value in changes.items():
        setattr(row, name, value)
    after = model_to_dict(row, fields=names)
    changed = {name: [_plain(before[name]), _plain(after[name])] for name in names if before[name] != after[name]}
    if changed:
        row.version = getattr(row, "version", 0) + 1  # type: ignore[attr-defined]
        row.save(update_fields=[*changed, "version"])
    return changed


def raw(field: forms.Field, value: Any) -> Raw:
    """Return what a browser would send for ``value``: one canonical writing, so that values can be compared."""
    if callable(value):
        value = value()
    value, widget = field.prepare_value(value), field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        return sorted(str(item) for item in value or [])
    formatted = widget.format_value(value)
    if isinstance(formatted, list | tuple):
        formatted = next(iter(formatted), "")
    text = "" if formatted is None else str(formatted)
    return [text.replace("\r\n", "\n").strip()]


def shown(field: forms.Field, value: Raw) -> str:
    """Return a raw value in words: labels of choices, «да» and «нет», a dash for nothing."""
    if isinstance(field.widget, forms.CheckboxInput):
        return "да" if value else "нет"
    choices = getattr(field.widget, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in _flat(choices)}
        value = [labels.get(item, item) if item else "" for item in value]
    return ", ".join(item for item in value if item) or "—"


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Return choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat += label if isinstance(label, list | tuple) else [(key, label)]
    return flat


def _sent(form: Any, name: str) -> Raw:
    return [] if name == OPENED else raw(form.fields[name], form.cleaned_data.get(name))


def _read(token: str) -> dict[str, Raw] | None:
    try:
        return dict(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


def _plain(value: Any) -> Any:
    """Return a value as JSON can keep it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return str(getattr(value, "pk", value))
