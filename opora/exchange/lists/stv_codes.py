"""Codes of Stavropol. Handbook 20 §7.1, 21 §4 and §5.3; kinds of measures after the federal list V016."""

from opora.informing.words import Measure

MEASURES = {
    "ДВ1": Measure.SCREENING,
    "ДВ2": Measure.SCREENING_2,
    "ДВ3": Measure.SCREENING,  # once in two years, as it was until 2019
    "ДВ4": Measure.SCREENING,
    "ОПВ": Measure.CHECKUP,
    "УД1": Measure.EXTENDED,
    "УД2": Measure.EXTENDED,
    "ДР1": Measure.FERTILITY,
    "ДР2": Measure.FERTILITY,
    "ДН": Measure.OBSERVATION,
    "ДН1": Measure.OBSERVATION,
}
MEASURES_OUT = {
    Measure.SCREENING: "ДВ4",
    Measure.SCREENING_2: "ДВ2",
    Measure.CHECKUP: "ОПВ",
    Measure.EXTENDED: "УД1",
    Measure.FERTILITY: "ДР1",
    Measure.OBSERVATION: "ДН",
}
SHORTEST_PHONE = 9  # shorter counts as none
