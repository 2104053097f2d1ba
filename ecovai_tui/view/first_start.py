"""The page of a list without tasks: what is there, what is missing, and the lines to copy that change it."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ecovai_tui.language import tr
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width, fit, truncate
from ecovai_tui.view.folding import fold
from ecovai_tui.view.lines import Line, Span, Tone, ellipsis_of, glyph_of, line

WIDTH = 66
"""Cells of the page; in less it is told in short."""

MARGIN = 3
"""Cells beside a sentence."""

NAMES, TOLD = 2, 12
"""Cells before the names of what is there, and before what is told of it."""

AN_ID = "346c5d10-a4a1-4f49-a851-66a7dae6cfaf"
A_KEY = "export ECOVAI_API_KEY=sk-..."


class Emptiness(NamedTuple):
    """What a table without a row shows: a page for so many cells and lines, below its heads or in their place."""

    page: Callable[[int, int], Sequence[Line]]
    heads: bool = True

    def line(self, y: int, width: int, height: int) -> Line:
        """Return one line of the page in exactly so many cells, a blank one where it has none."""
        page = self.page(width, height) if height > 0 else ()
        spans = page[y].spans if y < len(page) else ()
        return Line((*spans, Span(" " * (width - sum(span.width for span in spans)))))


class Start(NamedTuple):
    """What the page tells of."""

    gateway: str
    """Its address without a path."""
    has_key: bool
    file: str
    """The settings file, as it is shown."""
    add_key: str
    help_key: str
    create_key: str = ""
    """"" where nothing can be created."""
    seconds: float | None = None
    """How long the last answer took, None while there was none."""
    trouble: str = ""
    """What keeps answers from coming, "" for nothing."""
    ascii: bool = False


@lru_cache(maxsize=2)
def start_page(start: Start, width: int, height: int) -> Sequence[Line]:
    """Return the page in the middle of so many cells and lines; what has no room is left out from its end.

    Each line that is painted asks for the same page.
    """
    if width < WIDTH:
        return [line(), *(_indented(one, 1) for one in _in_short(start, width - 2))][:height]
    parts = [*_whole(start)]
    while len(parts) > 1 and sum(map(len, parts)) + len(parts) - 1 > height:
        parts.pop()
    lines = [one for number, part in enumerate(parts) for one in ([line()] if number else []) + list(part)]
    above = max(0, (height - len(lines)) // 2)
    return [line()] * above + [_indented(one, (width - WIDTH) // 2) for one in lines][:height]


def sentence_page(text: str, width: int, height: int) -> Sequence[Line]:
    """Return a sentence below a blank line, folded with a margin, in so many cells and lines at most."""
    folded = fold([line(text, Tone.MUTED)], max(1, width - 2 * MARGIN))
    return [line(), *(_indented(one, MARGIN) for one in folded)][:height]


def broken_at_slashes(path: str, width: int) -> list[str]:
    """Return a path in lines of so many cells, broken behind slashes alone; a longer part has a line of its own."""
    lines = [""]
    for part in path.replace("/", "/\0").split("\0"):
        if lines[-1] and cell_width(lines[-1]) + cell_width(part) > width:
            lines.append("")
        lines[-1] += part
    return lines


def _whole(start: Start) -> Iterator[Sequence[Line]]:
    yield (line(tr("Nothing to watch yet."), Tone.HEADING),)
    yield (_gateway(start), *_key(start), _there(Phase.WAITING, tr("Tasks"), tr("none yet"), start))
    yield (_does(start.add_key, tr("add tasks that you have"), tr("paste ids, links, JSON or log lines")),)
    if start.create_key:
        yield (_does(start.create_key, tr("create a new one"), tr("a song or lyrics")),)
    yield (_does(start.help_key, tr("all keys"), ""),)
    demo = Line(
        (Span("  ecovai-tui --demo"), Span(f"  {tr('no key needed, nothing of yours is touched')}", Tone.MUTED))
    )
    shell = (f"  ecovai-tui add {AN_ID}", "  curl ... /suno/submit/music ... | ecovai-tui add -")
    yield (line(tr("From a shell"), Tone.HEADING), *map(line, shell), demo)


def _gateway(start: Start) -> Line:
    if start.trouble:
        room = WIDTH - TOLD - cell_width(start.gateway) - 2
        words = truncate(start.trouble, room, ellipsis_of(ascii_only=start.ascii))
        return _there(Phase.FAILED, tr("Gateway"), f"{start.gateway}  {words}", start)
    if start.seconds is None:
        return _there(
            Phase.WAITING, tr("Gateway"), tr("{host} is asked as soon as there is a task", host=start.gateway), start
        )
    return _there(
        Phase.DONE, tr("Gateway"), tr("{host} answers in {n:.1f} s", host=start.gateway, n=start.seconds), start
    )


def _key(start: Start) -> Iterator[Line]:
    if start.has_key:
        yield _there(Phase.DONE, tr("Key"), tr("given"), start)
        return
    yield _there(Phase.FAILED, tr("Key"), tr("none yet. Get one at https://{host}, then:", host=start.gateway), start)
    for code, remark in (
        (A_KEY, tr("for this shell")),
        ('api_key_command = "pass show ecovai"', tr("in config.toml")),
        ('api_key = "sk-..."', tr("there, chmod 600")),
    ):
        yield Line((Span(" " * TOLD + code.ljust(37)), Span(remark, Tone.MUTED)))
    words = tr("in {file}, then start again", file=start.file)
    yield from (line(" " * TOLD + part, Tone.MUTED) for part in broken_at_slashes(words, WIDTH - TOLD))


def _there(phase: Phase, name: str, told: str, start: Start) -> Line:
    sign = glyph_of(phase, ascii_only=start.ascii)
    return Line((Span(f"{sign} ", phase), Span(fit(name, TOLD - NAMES), Tone.STRONG), Span(told)))


def _does(key: str, words: str, remark: str) -> Line:
    return Line((Span(" "), Span(f" {key} ", Tone.CHOSEN), Span(f"  {fit(words, 25)}"), Span(remark, Tone.MUTED)))


def _in_short(start: Start, width: int) -> Iterator[Line]:
    yield line(tr("Nothing to watch yet."), Tone.HEADING)
    yield line()
    if start.trouble:
        yield line(truncate(start.trouble, width, ellipsis_of(ascii_only=start.ascii)), Phase.FAILED)
    if not start.has_key:
        sign = glyph_of(Phase.FAILED, ascii_only=start.ascii)
        yield Line((Span(f"{sign} ", Phase.FAILED), Span(f"{tr('Key')}  ", Tone.STRONG), Span(A_KEY)))
        yield line(f"       {tr('or api_key in config.toml')}", Tone.MUTED)
        yield line()
    create = (
        (Span("   "), Span(f" {start.create_key} ", Tone.CHOSEN), Span(f"  {tr('create')}")) if start.create_key else ()
    )
    yield Line((Span(f" {start.add_key} ", Tone.CHOSEN), Span(f"  {tr('add tasks')}"), *create))
    yield line()
    if not start.has_key:
        yield line(tr("Keys are at https://{host}", host=start.gateway), Tone.MUTED)
    yield from (line("curl ... | ecovai-tui add -"), line("ecovai-tui --demo"))


def _indented(one: Line, cells: int) -> Line:
    return Line((Span(" " * cells), *one.spans)) if one.spans and cells > 0 else one
