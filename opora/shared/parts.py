"""What rooms add to every page: a template in the top bar, its script and style; filled in ``apps.py``.

add_to_top("live/state.html", script="live/live.js", style="live/live.css")
"""

_top: list[str] = []
_scripts: list[str] = []
_styles: list[str] = []


def add_to_top(template: str, *, script: str = "", style: str = "") -> None:
    """Show ``template`` at the end of the top bar of whoever has signed in; ``script`` is a module under static."""
    if template not in _top:
        _top.append(template)
    if script and script not in _scripts:
        _scripts.append(script)
    if style and style not in _styles:
        _styles.append(style)


def top() -> tuple[str, ...]:
    return tuple(_top)


def scripts() -> tuple[str, ...]:
    return tuple(_scripts)


def styles() -> tuple[str, ...]:
    return tuple(_styles)
