"""Rows of the register."""

from opora.insured.models.contact import Consent, Contact
from opora.insured.models.coverage import Attachment, Policy
from opora.insured.models.history import PersonChange
from opora.insured.models.importing import ImportProfile, ImportRun, MatchTask
from opora.insured.models.person import FormerName, IdentityDocument, Person, PersonCategory
from opora.insured.models.words import GivenWord, SurnameWord

__all__ = [
    "Attachment",
    "Consent",
    "Contact",
    "FormerName",
    "GivenWord",
    "IdentityDocument",
    "ImportProfile",
    "ImportRun",
    "MatchTask",
    "Person",
    "PersonCategory",
    "PersonChange",
    "Policy",
    "SurnameWord",
]
