"""What the rows of the year hold, in words, by the eight published indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from opora.informing.yearly import YearOfStream
from opora.simulation.akbars.rest import Counted
from opora.simulation.akbars.world import World
from opora.simulation.printed import percent, share, spaced

TITLES = {"observation": "Диспансерное наблюдение", "prevention": "Осмотры и диспансеризация"}


def sentences(world: World, informed: Sequence[YearOfStream], counted: Counted) -> Iterator[str]:
    """Yield what was counted, a line each."""
    insured = world.targets.insured
    yield f"Застраховано на {world.targets.insured_on:%d.%m.%Y}: {spaced(insured)}"
    yield f"Обращений за год {spaced(counted.appeals)}: горячая линия отвечала в {counted.hours} часах суток из 24"
    yield f"Второй уровень ответил в том же разговоре: {spaced(counted.on_the_call)}"
    yield f"Полисов вручено на дому: {spaced(counted.delivered)}"
    for one in informed:
        told = f"план {spaced(one.planned)}, оповещены {spaced(one.informed)} ({one.percent} %)".replace(".", ",")
        yield f"{TITLES[one.stream]}: {told}, повторно {spaced(one.repeated)}"
    yield f"Всего оповещений: {spaced(sum(one.contacts for one in informed))}"
    yield f"Опрошено {spaced(counted.surveyed)}, {percent(share(counted.surveyed, insured))} застрахованных"
    happy = percent(share(counted.satisfied, counted.centre))
    yield f"Довольны контакт-центром {spaced(counted.satisfied)} из {spaced(counted.centre)}, {happy}"
    settled = percent(share(counted.pretrial, counted.justified))
    yield f"Жалоб {counted.complaints}, обоснованных {counted.justified}, до суда удовлетворено {settled}"
    right = percent(share(counted.claims_justified, counted.claims))
    yield f"Претензий клиник на ЭКМП {spaced(counted.claims)}, обоснованных {counted.claims_justified}, {right}"
    yield f"Обоснованных жалоб на страховую: {counted.on_insurer}"


def document(world: World, informed: Sequence[YearOfStream], counted: Counted) -> dict[str, Any]:
    """Return the same as one document."""
    return {
        "insured": world.targets.insured,
        "streams": {one.stream: {**asdict(one), "percent": one.percent} for one in informed},
        "contacts": sum(one.contacts for one in informed),
        **asdict(counted),
    }
