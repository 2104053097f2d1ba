"""Theme files: what is refused and in which words, which are found, and that everyone can read the shipped ones."""

from __future__ import annotations

import os
import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.color import ColorSystem as RichSystem
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.design import ColorSystem
from textual.theme import Theme

from ecovai_tui.tasks.model import Phase
from ecovai_tui.view import theme_choice as themes_module
from ecovai_tui.view.theme_choice import (
    DARK_THEME,
    PLAIN_THEME,
    choose_theme,
    default_theme,
    find_themes,
    shipped_folder,
)
from ecovai_tui.view.theme_file import (
    ANSI_NAMES,
    AUTO_NAMES,
    OPTIONAL_COLOURS,
    VARIABLE_NAMES,
    ThemeArguments,
    ThemeError,
    ThemeFile,
    is_style,
    is_variable_colour,
    parse_theme,
    read_theme,
)

SHIPPED = find_themes(Path("/no/such/folder"))
COLOURED = ["ecovai-blue-orange", "ecovai-contrast", "ecovai-contrast-light", "ecovai-dark", "ecovai-light"]
DARK_ONES = ["ecovai-blue-orange", "ecovai-contrast", "ecovai-dark"]
STRONG_ONES = ["ecovai-contrast", "ecovai-contrast-light"]
"""The darkest green of 256 colours reaches 7:1 on white alone, so that the light one promises it for true colour."""
GROUNDS = [
    "background", "panel", "surface", "surface-active", "block-cursor-background", "block-cursor-blurred-background",
    "error-muted",
]  # fmt: skip
"""All that text stands on: screen, bars, dialogs, fields, the row under the cursor, the bar in trouble."""

TEXTS = ["foreground", "text-muted", "text-accent", "text-warning", "text-error", "text-success"]
"""All that is read besides the phases, be it in a frame's edge or as bars of latencies."""
PHASES = {str(phase): "#5fafff" for phase in Phase}
MINIMAL = {"name": "mine", "primary": "#5fafff", "phases": PHASES}

MINIMAL_TEXT = 'name = "mine"\nprimary = "#5fafff"\n[phases]\n' + "".join(f'{phase} = "#fff"\n' for phase in Phase)


def variables_of(theme: ThemeFile) -> dict[str, str]:
    """Return all variables of a theme as Textual hands them to the style sheets."""
    built = Theme(**theme.arguments())
    return {**built.to_color_system().generate(), **built.variables}


def triplet(colour: str) -> tuple[int, int, int]:
    """Return the parts of a colour written as #rrggbb."""
    return tuple(Color.parse(colour).rgb)


def at_256(colour: str) -> str:
    """Return the colour that arrives where there are 256, by Rich's own rule."""
    slot = RichColor.from_rgb(*triplet(colour)).downgrade(RichSystem.EIGHT_BIT)
    return slot.get_truecolor().hex


def linear(colour: str) -> list[float]:
    """Return the parts of a colour as amounts of light."""
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in
            (value / 255 for value in triplet(colour))]  # fmt: skip


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.1, from 1 to 21."""
    lights = [sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def seen_by_deuteranope(colour: str) -> tuple[float, float, float]:
    """Return the colour in CIE Lab as someone without green cones sees it (Machado, Oliveira, Fernandes 2009)."""
    matrix = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
    parts = linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(w * p for w, p in zip(row, parts, strict=True)))) for row in matrix)
    xyz = (
        0.4339 * r + 0.3762 * g + 0.1899 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0177 * r + 0.1095 * g + 0.873 * b,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str) -> float:
    """Return how far apart two colours are for a deuteranope; about 2 can just be told."""
    pairs = zip(seen_by_deuteranope(one), seen_by_deuteranope(other), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def refusal(**changes: object) -> ThemeError:
    """Return the error for the minimal theme with these changes."""
    with pytest.raises(ThemeError) as caught:
        parse_theme({**MINIMAL, **changes})
    return caught.value


def test_a_theme_needs_a_name_a_primary_colour_and_the_phases() -> None:
    theme = parse_theme(MINIMAL)
    assert (theme.name, theme.primary, theme.dark, theme.ansi) == ("mine", "#5fafff", True, False)
    assert set(theme.phases) == set(Phase)


def test_every_value_of_a_file_reaches_textual() -> None:
    given_values = {
        **MINIMAL,
        **dict.fromkeys(OPTIONAL_COLOURS, "#abcdef"),
        "dark": False,
        "luminosity_spread": 0.2,
        "text_alpha": 1,
        "variables": {"border": "#123"},
    }
    built = Theme(**parse_theme(given_values).arguments())
    assert {getattr(built, name) for name in OPTIONAL_COLOURS} == {"#abcdef"}
    assert (built.dark, built.luminosity_spread, built.text_alpha) == (False, 0.2, 1.0)
    assert built.variables == {"border": "#123", **{f"phase-{phase}": "#5fafff" for phase in Phase}}


def test_what_a_file_leaves_out_is_derived_by_textual() -> None:
    arguments = parse_theme(MINIMAL).arguments()
    assert all(arguments[name] is None for name in OPTIONAL_COLOURS)
    defaults = Theme(name="x", primary="#000")
    assert (arguments["luminosity_spread"], arguments["text_alpha"]) == (
        defaults.luminosity_spread,
        defaults.text_alpha,
    )


def test_our_list_of_arguments_is_that_of_textuals_theme() -> None:
    assert set(ThemeArguments.__annotations__) == set(Theme.__dataclass_fields__)


def test_our_list_of_variables_is_that_of_textual() -> None:
    ansi = ColorSystem("ansi_red", ansi=True).generate()
    known = {*ColorSystem("#ffffff").generate(), *ansi} - {"surface-actrive"}  # Textual's misprint
    assert known == VARIABLE_NAMES


def test_our_list_of_the_terminals_own_colours_is_that_of_textual() -> None:
    assert all(Color.parse(name).ansi is not None for name in ANSI_NAMES)
    assert len(ANSI_NAMES) == 17


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"primray": "#fff"}, 'no key is called "primray". Did you mean "primary"?'),
        ({"zzz": 1}, 'no key is called "zzz". Remove it.'),
        ({"name": None}, '"name" is missing'),
        ({"name": "My Theme"}, '"name" is not a name'),
        ({"name": 3}, '"name" is not a name'),
        ({"primary": "blue"}, "\"primary\" is not a colour: 'blue'"),
        ({"accent": "#12345"}, "\"accent\" is not a colour: '#12345'"),
        ({"accent": "#1234567"}, '"accent" is not a colour'),
        ({"accent": "#fff\n"}, '"accent" is not a colour'),
        ({"accent": ["#fff"]}, '"accent" is not a colour'),
        ({"surface": "ansi_purple"}, '"surface" is not a colour'),
        ({"dark": "yes"}, "\"dark\" is neither true nor false: 'yes'. Write dark = true or dark = false."),
        ({"ansi": 1}, '"ansi" is neither true nor false'),
        ({"luminosity_spread": 2}, '"luminosity_spread" is not a number from 0 to 1'),
        ({"luminosity_spread": float("nan")}, '"luminosity_spread" is not a number from 0 to 1'),
        ({"text_alpha": True}, '"text_alpha" is not a number from 0 to 1'),
        ({"text_alpha": "0.5"}, '"text_alpha" is not a number from 0 to 1'),
        ({"phases": "#fff"}, '"phases" is not a table'),
        ({"phases": {}}, '[phases] has no "waiting"'),
        ({"phases": {**PHASES, "dnoe": "#fff"}}, 'no phase is called "dnoe". Did you mean "done"?'),
        ({"phases": {**PHASES, "done": "green"}}, "\"phases.done\" is not a colour: 'green'"),
        ({"phases": {**PHASES, "done": "ansi_green"}}, '"done" is ansi_green, which only a theme'),
        ({"variables": []}, '"variables" is not a table'),
        ({"variables": {"borderr": "#fff"}}, 'no variable of Textual is called "borderr". Did you mean "border"?'),
        ({"variables": {"border": "red"}}, "\"variables.border\" is not a colour: 'red'"),
        ({"variables": {"border": "#fff 101%"}}, '"variables.border" is not a colour'),
        ({"variables": {"border": "auto"}}, "\"variables.border\" is not a colour: 'auto'"),
        ({"variables": {"border": 7}}, '"variables.border" is not a colour'),
        ({"variables": {"link-style": "loud"}}, "\"variables.link-style\" is not a style: 'loud'"),
        ({"variables": {"link-style": "bold not"}}, '"variables.link-style" is not a style'),
        ({"variables": {"link-style-hover": "#fff"}}, '"variables.link-style-hover" is not a style'),
        ({"variables": {"border": "ansi_red 50%"}}, '"border" is ansi_red 50%, which only a theme'),
        ({"primary": "ansi_red"}, "Add ansi = true, or write the colour as #rrggbb."),
    ],
)
def test_each_fault_of_a_theme_is_named_with_what_to_do(changes: dict[str, object], words: str) -> None:
    assert words in str(refusal(**changes))


FAULTS: dict[str, tuple[dict[str, object], str]] = {
    "unknown": ({"zzz": 1}, 'no key is called "zzz"'),
    "name": ({"name": "My Theme"}, '"name" is not a name'),
    "primary": ({"primary": "blue"}, '"primary" is not a colour'),
    "accent": ({"accent": "#12345"}, '"accent" is not a colour'),
    "dark": ({"dark": "yes"}, '"dark" is neither true nor false'),
    "spread": ({"luminosity_spread": 2}, '"luminosity_spread" is not a number'),
    "phases": ({"phases": {**PHASES, "dnoe": "#fff", "done": "green"}}, 'no phase is called "dnoe"'),
    "variables": ({"variables": {"borderr": "#fff", "border": "red"}}, '"variables.border" is not a colour'),
}
"""Faults that stand in no other's way."""


@given(st.sets(st.sampled_from(sorted(FAULTS)), min_size=2))
def test_all_faults_of_a_theme_are_told_at_once(chosen: set[str]) -> None:
    error = refusal(**{key: value for name in chosen for key, value in FAULTS[name][0].items()})
    assert len(error.faults) == len(chosen) + len(chosen & {"phases", "variables"})
    assert all(FAULTS[name][1] in str(error) for name in chosen)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phases": {**PHASES, "dark": True}}, 'no phase is called "dark". Did it mean to stand above the tables?'),
        ({"variables": {"name": "x"}}, 'called "name". Did it mean to stand above the tables?'),
        ({"done": "#fff"}, 'no key is called "done". Did it mean to stand under [phases]?'),
        ({"border": "#fff"}, 'no key is called "border". Did it mean to stand under [variables]?'),
    ],
)
def test_a_name_that_stands_in_the_wrong_table_is_sent_to_its_own(changes: dict[str, object], words: str) -> None:
    assert words in str(refusal(**changes))


def test_a_misspelt_name_is_told_once_and_not_as_missing_too() -> None:
    rest = {name: colour for name, colour in PHASES.items() if name != "done"}
    with pytest.raises(ThemeError) as caught:
        parse_theme({"name": "mine", "primray": "#fff", "phases": {**rest, "dnoe": "#fff"}})
    assert [fault.what for fault in caught.value.faults] == [
        'no key is called "primray"', 'no phase is called "dnoe"'
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["name", "value", "phase"])
def test_a_key_in_a_theme_is_not_repeated(place: str) -> None:
    key = "sk-AbCdEf0123456789"
    changes: dict[str, dict[str, object]] = {
        "name": {key: "#fff"}, "value": {"accent": key}, "phase": {"phases": {**PHASES, key: key}}
    }  # fmt: skip
    assert "AbCdEf" not in str(refusal(**changes[place]))


def test_a_theme_without_primary_says_so() -> None:
    with pytest.raises(ThemeError, match='"primary" is missing'):
        parse_theme({"name": "mine", "phases": PHASES})


@pytest.mark.parametrize("phase", list(Phase))
def test_no_phase_may_be_without_a_colour(phase: Phase) -> None:
    rest = {name: colour for name, colour in PHASES.items() if name != phase}
    assert f'[phases] has no "{phase}"' in str(refusal(phases=rest))


def test_a_fault_quotes_nothing_that_could_steer_a_terminal() -> None:
    error = refusal(**{"prim\x1b[31mary\u202e\n": "#fff"})
    assert str(error).isprintable()


COLOUR_LIKE = r"(#[0-9a-fA-F]{2,7}|ansi_(bright_)?(red|blue|default|purple)|auto|transparent|none)( [0-9]{1,3}%)?"


def assert_textual_accepts(rule: str, value: str) -> None:
    """Let Textual parse one rule with the value in its place."""
    sheet = Stylesheet(variables={"value": value})
    sheet.add_source(f"Static {{ {rule}: $value; }}")
    sheet.parse()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.from_regex(COLOUR_LIKE, fullmatch=True))
def test_every_colour_that_we_accept_for_a_variable_is_accepted_by_textual(value: str) -> None:
    assume(is_variable_colour(value, "border"))
    for rule in ("color", "background", "scrollbar-color"):
        assert_textual_accepts(rule, value)


@pytest.mark.parametrize("name", sorted(AUTO_NAMES))
def test_auto_is_accepted_where_textual_has_it_itself(name: str) -> None:
    assert ColorSystem("#5fafff", dark=True).generate()[name].startswith("auto")
    assert is_variable_colour("auto 70%", name)
    assert_textual_accepts("color", "auto 70%")


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(st.sampled_from(["bold", "b", "not", "dim", "none", "reverse", "underline", "loud", "o"]), max_size=4))
def test_every_style_that_we_accept_is_accepted_by_textual(words: list[str]) -> None:
    value = " ".join(words)
    assume(is_style(value))
    assert_textual_accepts("text-style", value)
    Style.parse(value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name = ", "it is not TOML"),
        (b"name = \xff", "it is not UTF-8 text"),
        (b"#" * 70_000, "it is larger than 65,536 bytes"),
        (b"", '"name" is missing'),
        (b"x = " + b"[" * 5000, "it is not TOML"),
        (b"x = " + b"1" * 5000, "it is not TOML"),
        (b'"sk-AbCdEf0123456789" = 1\n"sk-AbCdEf0123456789" = 2\n', "it is not TOML"),
    ],
)
def test_a_file_that_is_no_theme_is_refused_with_its_name(
    tmp_path: Path, files_with_key: set[Path], content: bytes, words: str
) -> None:
    path = tmp_path / "bad.toml"
    files_with_key.add(path)
    path.write_bytes(content)
    with pytest.raises(ThemeError, match=words) as caught:
        read_theme(path)
    assert caught.value.file == path
    assert "AbCdEf" not in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_mark_of_byte_order_and_the_lines_of_windows_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL_TEXT.replace("\n", "\r\n").encode())
    assert read_theme(path).name == "mine"


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="cannot be read"):
        read_theme(tmp_path)


def test_a_broken_theme_of_the_user_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("name = ")
    (tmp_path / "mine.toml").write_text(MINIMAL_TEXT)
    (tmp_path / ".hidden.toml").write_text("name = ")
    (tmp_path / "notes.txt").write_text("not a theme")
    found = find_themes(tmp_path)
    assert set(found.themes) == {*SHIPPED.themes, "mine"}
    assert [problem.file for problem in found.problems] == [tmp_path / "broken.toml"]


def test_the_users_theme_wins_over_the_programs_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "any.toml").write_text(MINIMAL_TEXT.replace('"mine"', '"ecovai-dark"'))
    found = find_themes(tmp_path)
    assert found.themes["ecovai-dark"].phases[Phase.DONE] == "#fff"
    assert found.problems == ()


def test_of_two_files_with_one_name_the_second_is_reported(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(MINIMAL_TEXT)
    found = find_themes(tmp_path)
    assert "mine" in found.themes
    assert [problem.file for problem in found.problems] == [tmp_path / "b.toml"]


def test_a_themes_folder_that_is_a_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "themes"
    path.write_text("")
    found = find_themes(path)
    assert set(found.themes) == set(SHIPPED.themes)
    assert [problem.file for problem in found.problems] == [path]


def test_a_link_to_nowhere_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    assert "cannot be read" in str(find_themes(tmp_path).problems[0])


def test_a_program_without_its_own_themes_says_so(tmp_path: Path) -> None:
    found = find_themes(tmp_path / "none", shipped=tmp_path / "gone")
    assert found.themes == {}
    assert "Install ecovai-tui again" in str(found.problems[0])


def test_in_a_checkout_the_themes_stand_beside_the_package() -> None:
    assert shipped_folder() == Path(__file__).parents[2] / "themes"


def test_in_a_wheel_the_themes_stand_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "ecovai_tui"
    shutil.copytree(shipped_folder(), package / "themes")
    (tmp_path / "themes").mkdir()  # another package's, beside ours in site-packages
    monkeypatch.setattr(themes_module, "__file__", os.fspath(package / "view" / "theme_choice.py"))
    assert shipped_folder() == package / "themes"
    assert set(find_themes(tmp_path / "none").themes) == set(SHIPPED.themes)


def test_a_known_theme_is_chosen_and_an_unknown_one_is_answered_with_the_list() -> None:
    assert choose_theme("ecovai-dark", SHIPPED.themes) == "ecovai-dark"
    with pytest.raises(ThemeError) as caught:
        choose_theme("ecovai-drak", SHIPPED.themes)
    assert 'Did you mean "ecovai-dark"?' in str(caught.value)
    assert all(name in str(caught.value) for name in SHIPPED.themes)


@pytest.mark.parametrize(
    ("colours", "name"), [(0, PLAIN_THEME), (16, PLAIN_THEME), (256, DARK_THEME), (2**24, DARK_THEME)]
)
def test_few_colours_ask_for_the_terminals_own(colours: int, name: str) -> None:
    assert default_theme(colours) == name
    assert name in SHIPPED.themes


def test_all_shipped_themes_are_sound_and_named_like_their_files() -> None:
    assert SHIPPED.problems == ()
    assert {*COLOURED, PLAIN_THEME} == set(SHIPPED.themes)
    assert {path.stem for path in shipped_folder().glob("*.toml")} == set(SHIPPED.themes)


USERS_PLAIN = parse_theme(
    {"name": "plain", "ansi": True, "primary": "ansi_red", "phases": dict.fromkeys(PHASES, "ansi_default")}
)


@pytest.mark.parametrize("theme", [*SHIPPED.themes.values(), parse_theme(MINIMAL), USERS_PLAIN], ids=lambda t: t.name)
async def test_textual_draws_with_every_theme_that_is_accepted(theme: ThemeFile) -> None:
    app = App[None]()
    app.register_theme(Theme(**theme.arguments()))
    async with app.run_test() as pilot:
        app.theme = theme.name
        await pilot.pause()
        assert app.theme_variables["phase-done"] == theme.phases[Phase.DONE]
        assert app.native_ansi_color == theme.ansi


@pytest.mark.parametrize("theme", [parse_theme(MINIMAL), USERS_PLAIN], ids=lambda t: t.name)
def test_no_variable_of_textual_is_left_undefined(theme: ThemeFile) -> None:
    assert set(ColorSystem("#ffffff").generate()) <= set(variables_of(theme))


@pytest.mark.parametrize("downgraded", [False, True], ids=["true colour", "256 colours"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", COLOURED)
def test_every_text_and_every_phase_is_readable_on_every_ground(name: str, ground: str, *, downgraded: bool) -> None:
    least = 7.0 if name in STRONG_ONES and not (downgraded and name.endswith("light")) else 4.5
    values, seen = variables_of(SHIPPED.themes[name]), at_256 if downgraded else str
    read = {**{text: values[text] for text in TEXTS}, **SHIPPED.themes[name].phases}
    ratios = {text: contrast(seen(colour), seen(values[ground])) for text, colour in read.items()}
    assert {text: round(ratio, 2) for text, ratio in ratios.items() if ratio < least} == {}


@pytest.mark.parametrize("downgraded", [False, True], ids=["true colour", "256 colours"])
@pytest.mark.parametrize("name", COLOURED)
def test_frames_can_be_seen_with_and_without_the_keyboard(name: str, *, downgraded: bool) -> None:
    values, seen = variables_of(SHIPPED.themes[name]), at_256 if downgraded else str
    frames = {line: contrast(seen(values[line]), seen(values["background"])) for line in ("border-blurred", "border")}
    assert {line: round(ratio, 2) for line, ratio in frames.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", COLOURED)
def test_what_has_a_ground_of_its_own_is_readable_on_it(name: str) -> None:
    values = variables_of(SHIPPED.themes[name])
    pairs = [
        ("block-cursor-foreground", "block-cursor-background"),
        ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
        ("footer-foreground", "footer-background"),
        ("footer-key-foreground", "footer-background"),
        ("footer-description-foreground", "footer-background"),
        ("input-cursor-foreground", "input-cursor-background"),
        ("input-selection-foreground", "input-selection-background"),
        ("screen-selection-foreground", "screen-selection-background"),
        ("link-color", "surface"),
    ]
    weak = [pair for pair in pairs for seen in (str, at_256) if contrast(*(seen(values[key]) for key in pair)) < 4.5]
    assert weak == []


@pytest.mark.parametrize("name", COLOURED)
def test_surfaces_stay_apart_at_256_colours(name: str) -> None:
    values = variables_of(SHIPPED.themes[name])
    grounds = ("background", "surface", "panel", "block-cursor-background")
    assert len({at_256(values[ground]) for ground in grounds}) == len(grounds)


@pytest.mark.parametrize("name", DARK_ONES)
def test_dark_grounds_are_neutral_grey_at_256_colours_and_never_navy(name: str) -> None:
    values = variables_of(SHIPPED.themes[name])
    grounds = [key for key in values if key in {"background", "surface", "panel"} or key.endswith("-background")]
    opaque = [key for key in grounds if re.fullmatch("#[0-9a-fA-F]{6}", values[key])]
    derived = {"primary-background", "secondary-background"}  # Textual's own tints, which we do not use
    loud = {"input-cursor-background"}  # a cell of the accent
    checked = set(opaque) - derived - loud
    assert {"background", "surface", "panel", "block-cursor-background", "scrollbar-background"} <= checked
    assert {key for key in checked if len(set(triplet(at_256(values[key])))) != 1} == set()


ENDS_AND_WAYS = [(Phase.DONE, Phase.FAILED), (Phase.DONE, Phase.PARTIAL), (Phase.PARTIAL, Phase.FAILED)]


@pytest.mark.parametrize("pair", ENDS_AND_WAYS, ids="-".join)
def test_one_theme_keeps_ends_far_apart_without_red_or_green_cones(pair: tuple[Phase, Phase]) -> None:
    phases = SHIPPED.themes["ecovai-blue-orange"].phases
    assert distance(*(phases[phase] for phase in pair)) > 40


@pytest.mark.parametrize("name", COLOURED)
@pytest.mark.parametrize(
    "group",
    [(Phase.DONE, Phase.PARTIAL, Phase.FAILED), (Phase.WAITING, Phase.RUNNING, Phase.STREAMING, Phase.DONE)],
    ids=["ends", "ways"],
)
def test_phases_can_be_told_apart_without_green_cones(name: str, group: tuple[Phase, ...]) -> None:
    phases = SHIPPED.themes[name].phases
    near = {(a, b): distance(phases[a], phases[b]) for a, b in combinations(group, 2)}
    assert {pair: far for pair, far in near.items() if far < 9} == {}


@pytest.mark.parametrize("name", sorted(SHIPPED.themes))
def test_no_two_phases_have_one_colour(name: str) -> None:
    assert len(set(SHIPPED.themes[name].phases.values())) == len(Phase)


@pytest.mark.parametrize("name", COLOURED)
def test_no_two_phases_have_one_colour_at_256_colours(name: str) -> None:
    assert len({at_256(colour) for colour in SHIPPED.themes[name].phases.values()}) == len(Phase)


def test_the_plain_theme_uses_nothing_but_the_terminals_own_colours_and_shows_the_cursor_in_reverse() -> None:
    theme = SHIPPED.themes[PLAIN_THEME]
    assert theme.ansi
    colours = [theme.primary, *theme.colours.values(), *theme.phases.values()]
    assert all(colour in ANSI_NAMES for colour in colours)
    assert "reverse" in theme.variables["block-cursor-text-style"]
