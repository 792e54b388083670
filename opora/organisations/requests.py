"""For type checkers: a request that has passed the ``needs`` guard."""

from django.http import HttpRequest

from opora.organisations.models import Employee


class StaffRequest(HttpRequest):
    user: Employee
