"""What a new version of the rules changes, in sentences for who loads it. Pure but for the receiver at the end."""

from __future__ import annotations

from typing import Any

from opora.deadlines.models import Pack
from opora.insured.eligibility.packs import KIND, EligibilityPack, RuleLine, read
from opora.insured.eligibility.words import EXCLUSION_WORDS
from opora.shared.dates import show
from opora.shared.typography import counted

NAMES = {
    "measure": "мероприятие",
    "ages": "возраст",
    "every": "как часто",
    "sex": "пол",
    "categories": "категории",
    "by_list": "список",
    "wait_days": "ждать дней после списка",
    "since": "действует с",
    "until": "действует по",
    "clause": "основание",
    "by_default": "не сверено",
}


def differences(before: EligibilityPack | None, after: EligibilityPack) -> list[str]:
    """Return the sentences: how many rules, which came, went or changed, and how."""
    if before is None:
        return [f"Правил: {len(after.rules)}.", *(f"  {_told(rule)}" for rule in after.rules)]
    former = {rule.code: rule for rule in before.rules}
    present = {rule.code: rule for rule in after.rules}
    told = [f"Правил было {len(former)}, стало {len(present)}. Прежняя версия — {before.version}, она остаётся."]
    told += [f"  Добавлено: {_told(rule)}" for code, rule in present.items() if code not in former]
    told += [f"  Убрано: {_told(rule)}" for code, rule in former.items() if code not in present]
    told += [line for code, rule in present.items() if code in former for line in _changes(former[code], rule)]
    told += _exclusions(before, after)
    if len(told) == 1:
        told.append("  Сами правила не изменились.")
    return told


def on_pack_loaded(pack: Pack, **_: Any) -> list[str]:
    """Tell who loads the rules what they change against the edition loaded before."""
    if pack.kind != KIND:
        return []
    earlier = Pack.objects.filter(kind=KIND, territory=pack.territory, pk__lt=pack.pk).order_by("-pk").first()
    return differences(read(earlier.content) if earlier else None, read(pack.content))


def _told(rule: RuleLine) -> str:
    often = "каждый год" if rule.every == 1 else f"раз в {counted(rule.every, 'год', 'года', 'лет')}"
    first, last = rule.ages
    return f"{rule.title} — {first}–{last} лет, {often}"


def _changes(former: RuleLine, present: RuleLine) -> list[str]:
    return [
        f"  {present.title}: {name} — было {_value(was)}, стало {_value(now)}"
        for field, name in NAMES.items()
        if (was := getattr(former, field)) != (now := getattr(present, field))
    ]


def _exclusions(before: EligibilityPack, after: EligibilityPack) -> list[str]:
    former = {line.reason for line in before.exclusions if line.is_applied}
    present = {line.reason for line in after.exclusions if line.is_applied}
    told = [f"  Теперь исключаем: {EXCLUSION_WORDS[reason]}" for reason in sorted(present - former)]
    return told + [f"  Больше не исключаем: {EXCLUSION_WORDS[reason]}" for reason in sorted(former - present)]


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return f"{value[0]}–{value[1]}"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "нет"
    if hasattr(value, "year"):
        return show(value)
    return str(value) if value not in (None, "") else "нет"
