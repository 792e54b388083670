"""The words of the subject: kinds, channels, measures. A name that is not here is taken as the classifier writes it."""

from typing import NamedTuple

from opora.classifiers.words import Channel, Kind
from opora.reports.narrative.grammar import COMPLAINT, F, M, N, Noun, Verb

KINDS: dict[Kind, Noun] = {
    Kind.CONSULTATION: Noun("консультация", "консультации", "консультаций", F, "консультации"),
    Kind.COMPLAINT: COMPLAINT,
    Kind.APPLICATION: Noun("заявление", "заявления", "заявлений", N, "заявления"),
    Kind.PROPOSAL: Noun("предложение", "предложения", "предложений", N, "предложения"),
    Kind.THANKS: Noun("благодарность", "благодарности", "благодарностей", F, "благодарности"),
    Kind.OUT_OF_SCOPE: Noun(
        "вопрос вне сферы ОМС", "вопроса вне сферы ОМС", "вопросов вне сферы ОМС", M, "вопросы вне сферы ОМС"
    ),
}


class Way(NamedTuple):
    """A channel: its name in a list, and how one appeals through it: «чаще всего обращались …»."""

    name: str
    through: str


WAYS: dict[Channel, Way] = {
    Channel.HOT_LINE: Way("телефоны горячих линий", "по телефонам горячих линий"),
    Channel.INTERNET: Way("сайт", "через сайт"),
    Channel.LETTER: Way("письма, принесённые лично", "письмом, которое приносили лично"),
    Channel.VISIT: Way("личный приём", "на личном приёме"),
    Channel.POST: Way("почта", "по почте"),
    Channel.FEEDBACK: Way("Платформа обратной связи", "через Платформу обратной связи"),
    Channel.CHAT: Way("онлайн-чаты", "в онлайн-чатах"),
    Channel.MESSENGER: Way("мессенджеры", "в мессенджерах"),
    Channel.CLINIC_POST: Way("страховые представители в поликлиниках", "к страховым представителям в поликлиниках"),
    Channel.EMAIL: Way("электронная почта", "по электронной почте"),
    Channel.CALL: Way("исходящие звонки", "при исходящих звонках"),
}


class Deed(NamedTuple):
    """A measure: «проведена 21 экспертиза», and what follows the noun."""

    verb: Verb
    noun: Noun
    tail: str = ""
    head: str = ""
    is_about_people: bool = False  # «41 человек записан», «3 человека записаны»: the subject comes first


_HELD = Verb("проведён", "проведена", "проведено", "проведены")
_SENT = Verb("направлен", "направлена", "направлено", "направлены")
_GIVEN_BACK = Verb("возвращён", "возвращена", "возвращено", "возвращены")
_BOOKED = Verb("записан", "записана", "записано", "записаны")
_RECEIVED = Verb("получил", "получила", "получило", "получили")
_EXPERTISE = Noun("экспертиза", "экспертизы", "экспертиз", F, "экспертизы")
_CLAIM = Noun("претензия", "претензии", "претензий", F, "претензии")
_LETTER = Noun("письмо", "письма", "писем", N, "письма")
_PERSON = Noun("человек", "человека", "человек", M, "люди")
_ROUBLE = Noun("рубль", "рубля", "рублей", M, "рубли")

MEASURES: dict[str, Deed] = {
    "ekmp": Deed(_HELD, _EXPERTISE, "качества медицинской помощи"),
    "mee": Deed(
        _HELD,
        Noun("медико-экономическая экспертиза", "медико-экономические экспертизы", "медико-экономических экспертиз", F,
             "медико-экономические экспертизы"),
    ),
    "claims": Deed(_SENT, _CLAIM, "медицинским организациям"),
    "to_authority": Deed(_SENT, _LETTER, "в орган управления здравоохранением"),
    "to_providers": Deed(_SENT, _LETTER, "медицинским организациям"),
    "booked": Deed(_BOOKED, _PERSON, "к врачу или на исследование", is_about_people=True),
    "care_given": Deed(_RECEIVED, _PERSON, "медицинскую помощь, в которой было отказано", is_about_people=True),
    "refunded": Deed(_GIVEN_BACK, _ROUBLE, "", "застрахованным"),
    "answered": Deed(Verb("дан", "дана", "дано", "даны"), Noun(
        "письменный ответ", "письменных ответа", "письменных ответов", M, "письменные ответы"), "заявителям"),
}  # fmt: skip
