"""What roles may do."""

from collections.abc import Mapping, Set

from django.db import transaction
from django.db.models import Q

from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.errors import NobodyCouldEditRoles, OwnRights
from opora.organisations.limits import check_edits_roles
from opora.organisations.models import Employee, Organisation, Role
from opora.shared import conflict

KEYS_OF_THE_HOUSE = [Right.EMPLOYEES_EDIT, Right.ROLES_EDIT]


@transaction.atomic
def change_rights(role: Role, *, version: int, rights: Set[str], by: Employee | None) -> Role:
    """Replace the rights of one role. Raises OnlyFundEditsRoles, OwnRights, NobodyCouldEditRoles, ChangedMeanwhile."""
    check_edits_roles(by)
    row = conflict.locked(Role, role.pk, version=version)
    added, removed = rights - set(row.rights), set(row.rights) - rights
    if not added and not removed:
        return row
    if by is not None and any(not by.holds(right) for right in added) and _works_as(by, row):
        raise OwnRights
    conflict.apply(row, {"rights": sorted(rights)})
    if not Role.objects.filter(_opens_everything()).exists():
        raise NobodyCouldEditRoles
    record("roles.change", row, by=by, details={"role": row.slug, "added": sorted(added), "removed": sorted(removed)})
    return row


@transaction.atomic
def change_table(table: Mapping[Role, Set[str]], *, by: Employee | None) -> int:
    """Replace the rights of several roles at once; return how many have changed."""
    versions = {role.pk: role.version for role in table}
    rows = [change_rights(role, version=role.version, rights=rights, by=by) for role, rights in table.items()]
    return sum(row.version != versions[row.pk] for row in rows)


def _works_as(by: Employee, role: Role) -> bool:
    return any(assignment.role_id == role.pk for assignment in by.current_assignments)


def _opens_everything() -> Q:
    return Q(rights__contains=KEYS_OF_THE_HOUSE, organisation_kinds__contains=[Organisation.Kind.FUND])
