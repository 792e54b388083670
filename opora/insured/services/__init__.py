"""Commands of the register: one verb, one transaction, rows of PersonChange and one line of the access log each."""

from opora.insured.services.contacts import (
    add_consent,
    add_contact,
    mark_contact,
    prefer_contact,
    restore_contact,
    take_phone,
)
from opora.insured.services.coverage import add_attachment, add_policy, change_attachment, change_policy
from opora.insured.services.details import (
    add_category,
    add_document,
    add_former_name,
    change_category,
    change_document,
    remove_former_name,
)
from opora.insured.services.person import change_person, register_person

__all__ = [
    "add_attachment",
    "add_category",
    "add_consent",
    "add_contact",
    "add_document",
    "add_former_name",
    "add_policy",
    "change_attachment",
    "change_category",
    "change_document",
    "change_person",
    "change_policy",
    "mark_contact",
    "prefer_contact",
    "register_person",
    "remove_former_name",
    "restore_contact",
    "take_phone",
]
