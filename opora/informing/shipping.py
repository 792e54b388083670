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
    """Add the texts that are not there yet; one that reads otherwise by now becomes the next version of itself."""
    with enter(Scope.system("texts that come with the program")):
        for one in json.loads(PACK.read_text(encoding="utf-8"))["texts"]:
            merge.check(one["text"], one["channel"])
            _load(one, subject=one.get("subject", ""))


def _load(one: dict[str, str], *, subject: str) -> None:
    place = {name: one[name] for name in ("measure", "purpose", "channel")} | {"language": one.get("language", "ru")}
    shipped = Template.objects.filter(organisation=None, **place)
    last = shipped.order_by("-version").first()
    if last is not None and (last.text, last.subject) == (one["text"], subject):
        return
    shipped.filter(is_current=True).update(is_current=False)
    version = last.version + 1 if last else 1
    Template.objects.create(organisation=None, **place, version=version, text=one["text"], subject=subject)
