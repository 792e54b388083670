"""What the writing gives: a title and sections, as plain text and as safe HTML."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs and lists; list number n stands after paragraph number n, an empty one takes no place."""

    heading: str
    paragraphs: tuple[str, ...]
    lists: tuple[tuple[str, ...], ...] = ()

    def blocks(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return paragraphs with the list after each."""
        return [(text, self.lists[n] if n < len(self.lists) else ()) for n, text in enumerate(self.paragraphs)]


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    sections: tuple[Section, ...]

    def plain(self) -> str:
        """Return the whole text; paragraphs are set apart by an empty line, items begin with a dash."""
        lines = [self.title]
        for section in self.sections:
            lines += ["", section.heading]
            for paragraph, items in section.blocks():
                lines += ["", paragraph, *(f"– {item}" for item in items)]
        return "\n".join([*lines, ""])

    def html(self) -> SafeString:
        """Return sections as ``<h2>``, ``<p>`` and ``<ul>``, names escaped; the title is the page's own ``<h1>``."""
        parts: list[SafeString] = []
        for section in self.sections:
            parts.append(format_html("<h2>{}</h2>", section.heading))
            for paragraph, items in section.blocks():
                parts.append(format_html("<p>{}</p>", paragraph))
                if items:
                    parts.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((i,) for i in items))))
        return mark_safe("\n".join(parts))  # noqa: S308 - of safe parts only
