"""The values that a theme file may hold: colours, styles, and the names of Textual's variables."""

from __future__ import annotations

_ANSI_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_NAMES = frozenset(
    {"ansi_default", *(f"ansi_{kind}{colour}" for kind in ("", "bright_") for colour in _ANSI_COLOURS)}
)
"""The terminal's own colours, in Textual's words."""

_HEX_LENGTHS = frozenset({len("#rgb"), len("#rrggbb")})
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_STRENGTHS = frozenset(f"{share}%" for share in range(101))
_STYLE_WORDS = frozenset(
    {"b", "bold", "dim", "i", "italic", "u", "underline", "uu", "o", "overline", "reverse", "strike", "blink"}
)

_ROLES = ("primary", "secondary", "warning", "error", "success", "accent")
_GROUNDS = ("background", "foreground", "surface", "panel", "boost", "primary-background", "secondary-background")
_PARTS = {
    "text": ("muted", "disabled", *_ROLES),
    "foreground": ("muted", "disabled"),
    "background": ("muted",),
    "border": ("blurred",),
    "surface": ("active",),
    "block-hover": ("background",),
    "block-cursor": ("foreground", "background", "text-style"),
    "block-cursor-blurred": ("foreground", "background", "text-style"),
    "ansi": ("background", "foreground"),
    "scrollbar": ("hover", "active", "corner-color", "background", "background-hover", "background-active"),
    "link": ("color", "color-hover", "background", "background-hover", "style", "style-hover"),
    "footer": ("foreground", "background", "item-background"),
    "footer-key": ("foreground", "background"),
    "footer-description": ("foreground", "background"),
    "input-cursor": ("foreground", "background", "text-style"),
    "input-selection": ("foreground", "background"),
    "screen-selection": ("foreground", "background"),
    "button": ("foreground", "color-foreground", "focus-text-style"),
    **{f"markdown-h{level}": ("color", "background", "text-style") for level in range(1, 7)},
}
_SHADES = [f"{way}-{step}" for way in ("lighten", "darken") for step in (1, 2, 3)]

VARIABLE_NAMES = frozenset(
    {
        *("text", "border", "scrollbar", *_ROLES, *_GROUNDS),
        *(f"{role}-muted" for role in _ROLES),
        *(f"{name}-{shade}" for name in (*_ROLES, *_GROUNDS) for shade in _SHADES),
        *(f"{name}-{part}" for name, parts in _PARTS.items() for part in parts),
    }
)
"""Every variable that Textual derives from a theme and that a theme may set itself."""

AUTO_NAMES = frozenset(
    {"text", "text-muted", "text-disabled", "block-cursor-foreground", "button-color-foreground"}
    | {"link-color", "link-color-hover"}
)
"""Those that may be ``auto``: black or white, whichever can be read."""


def is_ansi(value: str) -> bool:
    """Tell whether the value names one of the terminal's own colours."""
    return value.partition(" ")[0] in ANSI_NAMES


def is_colour(value: str) -> bool:
    """Tell whether the value is ``#rgb``, ``#rrggbb`` or one of the terminal's own colours."""
    is_hex = value.startswith("#") and len(value) in _HEX_LENGTHS and _HEX_DIGITS.issuperset(value[1:])
    return is_hex or value in ANSI_NAMES


def is_variable_colour(value: str, name: str) -> bool:
    """Tell whether the variable of that name can be this colour, with or without a strength such as ``60%``.

    ``transparent`` always can be; ``auto`` only where Textual itself has it, as elsewhere it ends the program.
    """
    colour, has_strength, strength = value.partition(" ")
    if has_strength and strength not in _STRENGTHS:
        return False
    return colour == "transparent" or (colour == "auto" and name in AUTO_NAMES) or is_colour(colour)


def is_style(value: str) -> bool:
    """Tell whether the value is ``none`` or made of style words such as ``bold not underline``."""
    words = value.replace("not ", "").split(" ")
    return value == "none" or ("not not" not in value and _STYLE_WORDS.issuperset(words))
