"""Rows of form ПГ, as the handbook gives them to typical questions, in codes of our topics."""

TOPICS: dict[str, str] = {}


def topic_of(slug: str, row: str) -> str:
    """Return the topic code of a shipped card: its own topic, or that of its row."""
    return TOPICS.get(slug) or TOPICS.get(row, "")
