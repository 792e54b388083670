"""Texts that come with the program: loaded after ``migrate``, replaced by an insurer's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from opora.access.scope import Scope, enter
from opora.informing import merge
from opora.informing.models import Template

PACK = Path(__file__).parent / "packs" / "texts.json"


def load_shipped_texts(**_: Any) -> None:
    """Add the texts that are not there yet; a text already loaded is left as it is."""
    with enter(Scope.system("texts that come with the program")):
        for one in json.loads(PACK.read_text(encoding="utf-8"))["texts"]:
            merge.check(one["text"], one["channel"])
            Template.objects.get_or_create(
                organisation=None,
                measure=one["measure"],
                purpose=one["purpose"],
                channel=one["channel"],
                language="ru",
                version=1,
                defaults={"text": one["text"], "subject": one.get("subject", "")},
            )
