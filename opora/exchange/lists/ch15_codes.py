"""Words of the chapter XV service. Handbook 20 §12, 21 §5.3: the way is free text; «тел.» and «эл. почта» were seen."""

from __future__ import annotations

import re

from opora.informing.words import Channel, Sequence

SEQUENCES = {"1": Sequence.FIRST, "2": Sequence.REPEAT}
WAYS = {  # what we write; the first two as seen, the rest in the same manner (assumed)
    Channel.CALL: "тел.",
    Channel.EMAIL: "эл. почта",
    Channel.SMS: "смс",
    Channel.MESSENGER: "мессенджер",
    Channel.ROBOT: "автоинформатор",
    Channel.LETTER: "почта",
    Channel.VISIT: "обход",
    Channel.AT_INSURER: "лично в СМО",
    Channel.AT_CLINIC: "лично в МО",
    Channel.PRINT: "памятка",
    Channel.PORTAL: "госуслуги",
    Channel.OTHER: "другое",
}
SAID = (  # the first that fits: «эл. почта» before «почта»
    (r"смс|sms", Channel.SMS),
    (r"эл.*почт|e-?mail|емейл|имейл", Channel.EMAIL),
    (r"мессендж|viber|вайбер|whatsapp|вотсап|ватсап|telegram|телеграм|макс", Channel.MESSENGER),
    (r"робот|автоинформ|автообзвон", Channel.ROBOT),
    (r"тел|звон", Channel.CALL),
    (r"госуслуг|епгу|лк\b|кабинет", Channel.PORTAL),
    (r"почт|письм", Channel.LETTER),
    (r"обход", Channel.VISIT),
    (r"лично.*(мо\b|клиник|больниц)", Channel.AT_CLINIC),
    (r"лично", Channel.AT_INSURER),
    (r"памятк|брошюр|листов", Channel.PRINT),
    (r"друг|проч|иное", Channel.OTHER),
)


def channel_of(text: str) -> Channel | None:
    """Return the channel a text means, None when it is not known.

    >>> channel_of("Тел."), channel_of("эл. почта"), channel_of("почта"), channel_of("голубь")
    (Channel.CALL, Channel.EMAIL, Channel.LETTER, None)
    """
    plain = text.casefold().replace("ё", "е")
    return next((channel for pattern, channel in SAID if re.search(pattern, plain)), None)


def diagnoses_of(text: str) -> list[str]:
    """Return the codes of a field that may hold several.

    >>> diagnoses_of("E78.0; I10")
    ['E78.0', 'I10']
    """
    return [code for code in re.split(r"[\s,;]+", text) if code]


PACKAGE_CODES = {"200": "принято", "400": "ошибка сервиса", "401": "номер reqID не известен", "403": "нет доступа"}
FINE = "200"
