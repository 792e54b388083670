"""Letters of Alfa and Beta, an answer that leaves by post, and scans made on the spot."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import NewAppeal, NewParty, register
from opora.appeals.models import Answer, Appeal
from opora.mailroom import services
from opora.mailroom.models import Incoming, Outgoing
from opora.mailroom.services.registering import NewLetter
from opora.shared.documents import FONTS

ADDRESS = "630099, Новосибирск, ул. Ленина, д. 1, кв. 2"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def came(cast: SimpleNamespace) -> Callable[..., Incoming]:
    """A letter of an invented person; what is not said is the same each time."""

    def make(sender: str = "Соловьёва-Седая Полина Андреевна", *, by: Any = None, again: bool = False, **more: Any):
        who = by or cast.boris
        with enter(who.scope):
            return services.register(NewLetter(sender=sender, **more), again=again, by=who)

    return make


@pytest.fixture
def answered(cast: SimpleNamespace, topics: SimpleNamespace) -> Callable[..., Answer]:
    """An appeal of Alfa whose answer was sent by post, the events chained."""

    def make(number: str = "17-исх", *, address: str = ADDRESS, surname: str = "Соловьёва") -> Answer:
        party = NewParty(
            role="applicant", surname=surname, given_name="Полина", patronymic="Андреевна", address=address
        )
        who = cast.boris
        with enter(who.scope):
            given = NewAppeal(
                kind="application", topic=topics.insurer, channel="post", text="Слова", parties=[party], mine=True
            )
            done = register(given, by=who)
            draft = journal.prepare_answer(done.id, text="Ответ на письмо.", by=who)
            sent = journal.send_answer(
                draft.pk, channel="post", outgoing_number=number, outgoing_on=timezone.localdate(), by=who
            )
        while chain_batch():
            pass
        return sent

    return make


@pytest.fixture
def waiting(answered: Callable[..., Answer]) -> Outgoing:
    return Outgoing.objects.get(answer=answered())


@pytest.fixture
def appeal_of() -> Callable[[Outgoing], Appeal]:
    return lambda letter: Appeal.objects.get(pk=letter.appeal_id)


def page_picture(text: str, *, size: tuple[int, int] = (1240, 1754), points: int = 36) -> Any:
    """A page as a scanner gives it: A4 at 150 dpi, black on white."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", size, 255)
    font = ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), points)
    ImageDraw.Draw(picture).multiline_text((120, 150), text, fill=0, font=font, spacing=18)
    return picture


def saved(pictures: list[Any], kind: str) -> bytes:
    """The bytes of pictures as one file: PDF and TIFF take several."""
    written = BytesIO()
    first, *rest = pictures
    more = {"save_all": True, "append_images": rest} if kind in {"PDF", "TIFF"} else {}
    first.save(written, kind, resolution=150, **more) if kind == "PDF" else first.save(written, kind, **more)
    return written.getvalue()
