"""«Что с моим обращением»: by number and code; every refusal is the same, and tries are counted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from opora.access.guard import public
from opora.audit.services import record
from opora.portal import limits
from opora.portal.errors import TooOften
from opora.portal.faces import Face
from opora.portal.pages import of_site, show
from opora.portal.standing import plain, standing

NOT_THERE = "Обращения с таким номером и кодом нет. Проверьте оба: они были на странице после отправки."


class StateForm(forms.Form):
    number = forms.CharField(label="Номер обращения", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    code = forms.CharField(
        label="Код",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="Десять букв и цифр.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public("обращение показывают тому, кто знает и номер, и код; попытки считаются")
@of_site
def state(request: HttpRequest, face: Face) -> HttpResponse:
    form = StateForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if not form.is_bound or not form.is_valid():
        return show(request, face, "state", context, status=422 if form.errors else 200)
    try:
        limits.spend(
            request,
            (limits.STATE_BY_ADDRESS, limits.place(request)),
            (limits.STATE_BY_NUMBER, plain(form.cleaned_data["number"])),
            (limits.STATE_BY_ALL, face.territory),
        )
    except TooOften as refusal:
        return show(request, face, "limited", {"refusal": refusal.sentence}, status=refusal.status)
    found = standing(form.cleaned_data["number"], form.cleaned_data["code"])
    record("portal.state.asked", None, details={"is_found": found is not None, "site": face.slug})
    if found is None:
        form.add_error(None, NOT_THERE)
        return show(request, face, "state", context, status=422)
    return show(request, face, "state_answer", {"found": found})
