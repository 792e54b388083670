"""Measures: values that filters over facts cannot count. Forms name them; ``registry`` says what one is."""

from opora.reports.measures import deliveries, disputes, informing, insured, lines, quality, waiting
from opora.reports.measures.registry import BESIDE, MEASURES, SOURCES_OF, Asked, Measure, Measured, measure

__all__ = [
    "BESIDE",
    "MEASURES",
    "SOURCES_OF",
    "Asked",
    "Measure",
    "Measured",
    "deliveries",
    "disputes",
    "informing",
    "insured",
    "lines",
    "measure",
    "quality",
    "waiting",
]
