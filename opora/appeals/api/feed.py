"""What has changed since a cursor: events of appeals the organisation sees, in the order the chainer placed them."""

from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query

from opora.access.api import answers
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.api import schemas
from opora.appeals.api.common import router
from opora.appeals.api.reading import REFUSALS, codes_of
from opora.appeals.models import ChainLink, Event
from opora.appeals.words import EventKind

WINDOW = 2_000  # turns of the chainer looked through for one page: those of other organisations pass by unseen


@router.get("/changes", response={200: schemas.ChangesOut, **REFUSALS}, summary="Что изменилось")
@answers(Right.APPEALS_VIEW)
def changes(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Поле next прошлого ответа; 0 — с начала")] = 0,
) -> schemas.ChangesOut:
    """События ваших обращений по порядку, ничего не пропуская. Пустая страница с ``has_more`` — читайте дальше.

    Событие появляется здесь, когда получило место в цепочке: обычно меньше чем через секунду.
    """
    caller: Any = request.auth  # type: ignore[attr-defined]
    with enter(Scope.system("turns of the chainer say nothing of appeals; the events behind them are asked below")):
        names = ("turn", "event_at", "event_id")
        turns = list(ChainLink.objects.filter(turn__gt=after).order_by("turn").values_list(*names)[:WINDOW])
    if not turns:
        return schemas.ChangesOut(changes=[], next=after, has_more=False)
    place = {identity: turn for turn, _, identity in turns}
    moments = [at for _, at, _ in turns]
    mine = Event.objects.filter(Q(at__gte=min(moments), at__lte=max(moments)), id__in=place)
    events = sorted(mine.select_related("appeal"), key=lambda event: place[event.id])
    with enter(caller.scope):
        codes = codes_of({event.organisation_id for event in events})
    found = [
        schemas.ChangeOut(
            cursor=place[event.id],
            at=event.at,
            event=event.id,
            appeal=event.appeal_id,
            number=event.appeal.number,
            kind=EventKind(event.kind),
            organisation=codes.get(event.organisation_id, ""),
            details=event.details,
        )
        for event in events
    ]
    return schemas.ChangesOut(changes=found, next=turns[-1][0], has_more=len(turns) == WINDOW)
