"""The style sheets as rules, parsed once in a test process, and not by every test that opens the console.

Textual keeps parsed rules by app and forgets them whenever it sets a theme. The console itself is one app.
"""

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parse = Stylesheet._parse_rules
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}


def use() -> None:
    """Let every style sheet that is parsed from now on share the rules of those parsed before."""
    setattr(Stylesheet, _parse.__name__, _shared)


def _shared(
    sheet: Stylesheet, css: str, read_from: tuple[str, str], *how: Any, **named: Any
) -> list[RuleSet]:
    key = (css, read_from, how, *named.items(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse(sheet, css, read_from, *how, **named)
    return _parsed[key]
