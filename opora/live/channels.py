"""Names of channels: ``kind:number`` and words below it, ``org:12:queue:sp2``.

``org`` and ``emp`` are heard by place (``tickets.prefixes_of``); ``appeal`` and other cards by a sealed name that the
page of the card hands out.
"""

import re

BY_PLACE = ("org", "emp")
BY_SEAL = ("appeal", "person", "bundle")
LONGEST = 120

_NAME = re.compile(rf"(?:{'|'.join((*BY_PLACE, *BY_SEAL))}):[0-9a-z-]{{1,36}}(?::[0-9a-z_.-]{{1,40}}){{0,3}}")


def is_channel(text: str) -> bool:
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None


def is_sealed(channel: str) -> bool:
    """Whether the channel is heard by a sealed name only."""
    return is_channel(channel) and channel.partition(":")[0] in BY_SEAL
