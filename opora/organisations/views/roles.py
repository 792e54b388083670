"""The table role × right."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations import limits
from opora.organisations.forms.roles import RightsForm, cell
from opora.organisations.models import Organisation, Role
from opora.organisations.requests import StaffRequest
from opora.organisations.services import roles as services
from opora.organisations.views.forms import refusals_in
from opora.shared import conflict

ROOMS = {
    "workplace": "Рабочий стол",
    "insured": "Застрахованные",
    "deadlines": "Сроки",
    "knowledge": "Ответы и письма",
    "organisations": "Организации",
    "employees": "Сотрудники",
    "roles": "Роли",
    "partners": "Внешние системы",
    "audit": "Журнал доступа",
}
SHORT_KINDS = {"fund": "фонд", "insurer": "СМО", "branch": "филиал", "provider": "МО", "authority": "орган власти"}


@needs(Right.ROLES_VIEW)
def roles(request: StaffRequest) -> HttpResponse:
    may_edit = limits.edits_roles(request.user)
    if request.method == "POST":
        limits.check_edits_roles(request.user)
    rows = Role.objects.all()
    table = list(rows.select_for_update() if request.method == "POST" else rows)
    form = RightsForm(request.POST or None, roles=table)
    if request.method == "POST" and form.is_valid():
        if form.differences:
            return conflict.page(request, form, card="таблицу прав")
        with refusals_in(form):
            changed = services.change_table(form.table, by=request.user)
            messages.success(request, "Права сохранены." if changed else "Ничего не изменилось.")
            return redirect("organisations:roles")
    context = {
        "form": form,
        "roles": [
            (role, [SHORT_KINDS[kind] for kind in Organisation.Kind.values if kind in role.organisation_kinds])
            for role in table
        ],
        "rooms": _rooms(form, table),
        "may_edit": may_edit,
    }
    return render(request, "employees/roles.html", context, status=422 if form.errors else 200)


def _rooms(form: RightsForm, table: list[Role]) -> list[tuple[str, list[tuple[Right, list[object]]]]]:
    """Rows of the table: rooms, their rights, a cell for each role."""
    return [
        (ROOMS.get(room, room), [(right, [form[cell(role, right)] for role in table]) for right in rights])
        for room, rights in groupby(Right, key=lambda right: right.room)
    ]
