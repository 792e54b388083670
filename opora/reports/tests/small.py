"""The small form of the tests as a pack in force."""

from typing import Any

from opora.deadlines.packs import check_pack
from opora.deadlines.services import load_pack
from opora.reports.tests.test_counting import FORM


def load_form(**fields: Any) -> None:
    load_pack(check_pack(FORM | fields, name="small.json", sha256="0" * 64))
