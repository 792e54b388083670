"""Rows of the room: places, organisations, people at work."""

from opora.organisations.models.employee import Assignment, Employee, PasswordTrace
from opora.organisations.models.organisation import (
    Department,
    HotLine,
    Organisation,
    Post,
    Site,
    Territory,
    WorkingHours,
)
from opora.organisations.models.role import Role
from opora.organisations.models.scoped import OwnAndBranches, ScopedQuerySet, WithoutClinics

__all__ = [
    "Assignment",
    "Department",
    "Employee",
    "HotLine",
    "Organisation",
    "OwnAndBranches",
    "PasswordTrace",
    "Post",
    "Role",
    "ScopedQuerySet",
    "Site",
    "Territory",
    "WithoutClinics",
    "WorkingHours",
]
