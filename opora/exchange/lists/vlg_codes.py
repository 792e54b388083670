"""Codes of Volgograd. Handbook 20 §8, 21 §4 (measures), §10 (states of an answer)."""

from opora.informing.words import Measure

MEASURES = {"O": Measure.SCREENING, "R": Measure.CHECKUP}
MEASURES_OUT = {measure: code for code, measure in MEASURES.items()}
MONTHLY = "R11"  # R01 was the list of a whole year
VOLUMES = {  # the groups are parts of dispensarisation, not added to it
    "R": (Measure.CHECKUP, ""),
    "O": (Measure.SCREENING, ""),
    "D": (Measure.SCREENING, "пенс."),
    "P": (Measure.SCREENING, "65"),
    "Y": (Measure.SCREENING, "66+"),
}
ACCEPTED, ERRORS = "1", "2"
RESULTS = {
    ACCEPTED: "",
    ERRORS: "В записи ошибки",
    "3": "Страховая не найдена",
    "4": "Страховая не найдена, прикрепление не подтверждено",
}
RESULTS_OUT = {text: code for code, text in RESULTS.items()}
WHOLE_FILE = "Ошибка всего файла: не принята ни одна запись"
CANCELLED = {  # REASON_REF, handbook 21 §7
    "1": "нет показаний",
    "2": "нет документов",
    "3": "отказ пациента",
    "4": "эпидпоказания",
    "5": "карантин отделения",
    "6": "не по профилю",
    "7": "неявка",
    "8": "смерть",
    "9": "прочие",
}
