"""Figures of golden texts. Organisations are invented."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from opora.classifiers.words import Channel, Kind
from opora.reports.narrative import Analysis, Complaints, Count, Item, Measure, Name, Timeliness

FUND = Name("Территориальный фонд ОМС Заречной области", "Территориального фонда ОМС Заречной области")
REGION = Name("Заречная область", "Заречной области")
AUGUST = {"since": date(2025, 8, 1), "until": date(2025, 8, 31)}

ordinary = Analysis(
    FUND,
    REGION,
    date(2025, 1, 1),
    date(2025, 8, 31),
    total=Count(64_211, 60_690),
    kinds={
        Kind.CONSULTATION: Count(54_211, 51_239),
        Kind.APPLICATION: Count(9_552, 9_024),
        Kind.COMPLAINT: Count(380, 358),
        Kind.PROPOSAL: Count(41, 52),
        Kind.THANKS: Count(27, 17),
    },
    channels={
        Channel.HOT_LINE: Count(31_554, 31_520),
        Channel.FEEDBACK: Count(4_026, 3_310),
        Channel.CHAT: Count(1_612, 402),
        Channel.VISIT: Count(26_100, 24_502),
        Channel.POST: Count(919, 956),
    },
    oral=Count(57_654, 56_022),
    written=Count(6_557, 4_668),
    topics=(
        Item("Выбор и замена страховой медицинской организации", Count(18_402, 17_900)),
        Item("Полис: где и как получить", Count(15_010, 14_980)),
        Item("Профилактические мероприятия", Count(9_871, 7_204)),
        Item("Организация работы медицинской организации", Count(6_310, 7_015)),
        Item("Лекарственное обеспечение", Count(2_204, 2_190)),
    ),
    by_fund=Count(4_604, 4_693),
    by_insurers=(
        Item("СМО Альфа", Count(32_107, 29_997)),
        Item("СМО Бета", Count(27_500, 26_000)),
    ),
    complaints=Complaints(
        received=Count(380, 358),
        decided=Count(371, 352),
        justified=Count(202, 177),
        reasons=(
            Item("Качество медицинской помощи", Count(152, 130)),
            Item(
                "Организация работы медицинской организации",
                Count(22, 31),
                (Item("сроки диагностических исследований", Count(7)),),
            ),
            Item("Сведения о неполученных услугах", Count(25, 0)),
            Item("Взимание денежных средств", Count(8, 8)),
        ),
        settled=200,
        in_court=2,
        pending=31,
    ),
    timeliness=Timeliness(
        answered=Count(63_902, 60_211),
        in_time=Count(63_391, 59_007),
        at_once=57_102,
        mean_days=Decimal("9.4"),
        former_mean_days=Decimal("10.5"),
    ),
    measures=(
        Measure("ekmp", 121),
        Measure("mee", 34),
        Measure("claims", 22),
        Measure("booked", 41),
        Measure("refunded", Decimal("154200.50")),
        Measure(sentence="о сведениях, которые расходятся с рассказом людей, сообщено в министерство здравоохранения."),
    ),
)

no_previous_year = replace(
    ordinary,
    **AUGUST,
    total=Count(8_204),
    kinds={Kind.CONSULTATION: Count(7_001), Kind.APPLICATION: Count(1_152), Kind.COMPLAINT: Count(51)},
    channels={Channel.HOT_LINE: Count(6_004), Channel.VISIT: Count(2_200)},
    oral=None,
    written=None,
    topics=(Item("Полис: где и как получить", Count(3_001)), Item("Выбор врача", Count(1_400))),
    by_fund=Count(604),
    by_insurers=(Item("СМО Альфа", Count(7_600)),),
    complaints=Complaints(
        Count(51), Count(50), Count(21), (Item("Качество медицинской помощи", Count(21)),), settled=21, pending=1
    ),
    timeliness=Timeliness(Count(8_100), Count(8_100), mean_days=Decimal("21")),
    measures=(Measure("ekmp", 1), Measure("claims", 2), Measure("refunded", 21)),
)

zero_complaints = replace(
    no_previous_year,
    total=Count(8_204, 8_190),
    kinds={
        Kind.CONSULTATION: Count(7_052, 7_040),
        Kind.APPLICATION: Count(1_152, 1_147),
        Kind.COMPLAINT: Count(0, 3),
    },
    channels={Channel.HOT_LINE: Count(8_204, 8_190)},
    topics=(),
    by_fund=Count(8_204, 8_190),
    by_insurers=(),
    complaints=Complaints(Count(0, 3), Count(0, 3), Count(0, 1), pending=0),
    timeliness=Timeliness(Count(8_100, 8_000), Count(7_938, 7_840)),
    measures=(),
)

one_complaint = replace(
    zero_complaints,
    total=Count(1_204, 1_204),
    kinds={Kind.CONSULTATION: Count(1_203, 1_203), Kind.COMPLAINT: Count(1, 1)},
    channels={Channel.HOT_LINE: Count(602, 600), Channel.VISIT: Count(602, 604)},
    by_fund=Count(1_204, 1_204),
    complaints=Complaints(
        Count(1, 1), Count(1, 0), Count(1, 0), (Item("Отказ в записи к врачу", Count(1, 0)),), settled=1
    ),
    timeliness=Timeliness(Count(1_204, 1_204), Count(1_203, 1_190), at_once=1_101),
    measures=(Measure("booked", 1),),
)

huge_growth = replace(
    ordinary,
    since=date(2025, 4, 1),
    until=date(2025, 6, 30),
    total=Count(120_950, 8_400),
    kinds={Kind.CONSULTATION: Count(118_050, 7_900), Kind.COMPLAINT: Count(2_900, 500)},
    channels={
        Channel.HOT_LINE: Count(100_000, 8_000),
        Channel.CHAT: Count(20_800, 0, is_first=True),
        Channel.POST: Count(150, 400),
    },
    oral=None,
    written=None,
    topics=(Item("Замена страховой организации", Count(96_000, 2_104)), Item("Полис", Count(4_080, 2_000))),
    by_fund=Count(60_475, 4_200),
    by_insurers=(Item("СМО Альфа", Count(60_475, 4_200)),),
    complaints=Complaints(
        Count(2_900, 500), Count(2_800, 490), Count(2_799, 480), (Item("Качество", Count(2_799, 480)),), settled=1_021
    ),
    timeliness=Timeliness(Count(110_000, 8_400), Count(60_000, 8_200), mean_days=Decimal("29"),
                          former_mean_days=Decimal("9.4")),
    measures=(Measure("ekmp", 1_021),),
)  # fmt: skip

decline = replace(
    ordinary,
    since=date(2025, 1, 1),
    until=date(2025, 12, 31),
    total=Count(39_240, 40_000),
    kinds={
        Kind.CONSULTATION: Count(37_000, 36_100),
        Kind.COMPLAINT: Count(90, 200),
        Kind.APPLICATION: Count(2_150, 3_700),
    },
    channels={Channel.HOT_LINE: Count(39_000, 39_700), Channel.POST: Count(240, 300)},
    oral=Count(39_000, 39_700),
    written=Count(240, 300),
    topics=(Item("Полис", Count(12_000, 15_000)), Item("Выбор врача", Count(12_000, 12_040))),
    by_fund=Count(2_340, 3_000),
    by_insurers=(Item("СМО Альфа", Count(36_900, 37_000)),),
    complaints=Complaints(
        Count(90, 200), Count(100, 190), Count(41, 95),
        (Item("Качество медицинской помощи", Count(30, 70)), Item("Выбор врача", Count(11, 25))),
        settled=40, in_court=1,
    ),
    timeliness=Timeliness(Count(39_000, 39_900), Count(37_050, 39_501), mean_days=Decimal("9"),
                          former_mean_days=Decimal("9")),
    measures=(Measure("ekmp", 52), Measure("care_given", 3)),
)  # fmt: skip

tiny = Analysis(
    Name("Районный центр ОМС", "Районного центра ОМС"),
    Name("Дальний район", "Дальнего района"),
    date(2025, 2, 1),
    date(2025, 2, 28),
    total=Count(7, 4),
    kinds={Kind.CONSULTATION: Count(4, 3), Kind.COMPLAINT: Count(2, 1), Kind.THANKS: Count(1, 0)},
    channels={Channel.HOT_LINE: Count(4, 4), Channel.VISIT: Count(3, 0)},
    topics=(Item("Полис", Count(1, 0)), Item("Выбор врача", Count(1, 4))),
    complaints=Complaints(Count(2, 1), Count(2, 1), Count(1, 0), (Item("Этика", Count(1, 0)),), settled=0, pending=0),
    timeliness=Timeliness(Count(6, 4), Count(5, 4), at_once=4, mean_days=Decimal("3.5")),
    measures=(Measure("answered", 2),),
)

nothing = replace(
    tiny, total=Count(0, 7), kinds={}, channels={}, topics=(), complaints=None, timeliness=None, measures=()
)

SAMPLES = {
    "ordinary": ordinary,
    "no-previous-year": no_previous_year,
    "zero-complaints": zero_complaints,
    "one-complaint": one_complaint,
    "huge-growth": huge_growth,
    "decline": decline,
    "tiny": tiny,
    "nothing": nothing,
}
