"""What of a page leaves the room depends on rights."""

from django import template

from opora.organisations.models import Employee

register = template.Library()


@register.filter
def holds(employee: Employee, right: str) -> bool:
    """``{% if request.user|holds:"reports:export" %}``"""
    return employee.holds(right)
