"""What the journal asks before an answer leaves by a door from the card of an appeal: see ``appeals.channels``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal, File
from opora.doors.ports import FileLimits, way
from opora.doors.services.answers import REMOVED, thread_for
from opora.doors.services.replying import LONGEST
from opora.shared.typography import masked_address, plural, size

TOO_LONG = f"Ответ длиннее {LONGEST} знаков: той дверью, через которую писал человек, он не уйдёт. Сократите его."
HINTED = frozenset({"prepare_answer", "send_answer", "answer_interim", "extend", "forward"})


@dataclass(frozen=True, slots=True)
class Carrier:
    """Doors of one channel: what a citizen wrote through one of them is answered through it."""

    channel: str

    def carries(self, appeal: Appeal) -> bool:
        return thread_for(appeal.pk, self.channel) is not None

    def hint(self, appeal: Appeal, act: str) -> str:
        """Tell to which address the words will leave: whoever sends them looks whether it is his."""
        thread = thread_for(appeal.pk, self.channel) if act in HINTED else None
        if thread is None:
            return ""
        return f"Уйдёт через «{thread.door.title}» на адрес {masked_address(thread.correspondent)}."

    def takes_notices(self, appeal: Appeal) -> bool:
        return True

    def check(self, appeal: Appeal, answer: Answer) -> None:
        """Raises ChannelRefused when the door would not take this answer or its files."""
        thread = thread_for(appeal.pk, self.channel)
        if thread is None:
            return  # somebody carries it by hand
        if len(answer.text) > LONGEST:
            raise ChannelRefused(TOO_LONG)
        served = way(thread.door)
        if served is not None and (answer.enclosed or answer.with_letter):
            files = File.objects.filter(appeal=appeal.pk, pk__in=answer.enclosed)
            _check_files(list(files), served.files, with_letter=answer.with_letter)


def _check_files(files: Sequence[File], limits: FileLimits, *, with_letter: bool) -> None:
    count = len(files) + with_letter
    if count > limits.most:
        whole = f"{limits.most} {plural(limits.most, 'файл', 'файла', 'файлов')}"
        raise ChannelRefused(f"Этой дверью уйдёт самое большее {whole} с одним ответом, у вас {count}.")
    for file in files:
        if file.removed_at is not None:
            raise ChannelRefused(REMOVED.format(file.name))
        if file.size > limits.largest:
            raise ChannelRefused(f"Файл «{file.name}» больше {size(limits.largest)}: этой дверью он не уйдёт.")
    if sum(file.size for file in files) > limits.whole:
        raise ChannelRefused(
            f"Файлы вместе больше {size(limits.whole)}: с одним ответом они не уйдут. Приложите не все."
        )
