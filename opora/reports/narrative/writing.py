"""The whole text: sections in the order of what matters, those without figures left out."""

from opora.reports.narrative import appeals, handling
from opora.reports.narrative.analysis import Analysis
from opora.reports.narrative.grammar import tidy
from opora.reports.narrative.tale import Tale
from opora.reports.narrative.text import Section, Text

ORDER = (
    appeals.main,
    appeals.kinds,
    appeals.topics,
    handling.complaints,
    handling.measures,
    handling.timeliness,
    appeals.channels,
    appeals.performers,
    appeals.counting,
)


def write(analysis: Analysis) -> Text:
    """Return the text, ready for a site. The same figures give the same text."""
    tale = Tale(analysis)
    sections: list[Section] = [section for write_section in ORDER if (section := write_section(tale))]
    whose = f"Обращения жителей {tidy(analysis.territory.genitive)} по вопросам обязательного медицинского страхования"
    return Text(f"{whose} за {tale.now.during}", tuple(sections))
