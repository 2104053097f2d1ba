"""``ecovai-tui doctor``: look for what could be wrong, and say what to do about it."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import aclosing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from ecovai_tui import __version__
from ecovai_tui.commands.config import check_settings
from ecovai_tui.commands.shared.command_line import find_place_of_files
from ecovai_tui.commands.shared.output import (
    ExitCode,
    aligned,
    code_of,
    explained,
    most_telling,
    on_terminal,
    painted,
    tabbed,
    write,
    write_json,
)
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.gateway.billing import SUBSCRIPTION
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.proxies import find_route
from ecovai_tui.language import clauses, in_english, later, sentences, tr, tr_n
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import SettingsError, StoreError, shown_path
from ecovai_tui.store.files import Paths, find_paths, is_there
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings, describe_key
from ecovai_tui.store.ui_state import IgnoredInput, read_ui_state
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width, clean_line, fit
from ecovai_tui.terminal.capabilities import ColourDepth, read_capabilities
from ecovai_tui.terminal.sequences import ask_tmux, lines_to_add
from ecovai_tui.view.theme_choice import find_themes

if TYPE_CHECKING:
    from ecovai_tui.gateway.client import Gateway

LONGEST_KIND = 40
"""Characters that are shown of the kind of a sequence."""

NOBODYS_TASK = "00000000-0000-4000-8000-000000000000"
"""An id that no gateway knows: asking for it shows whether address and key are right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and which exit code that is."""

    name: str
    text: str
    code: ExitCode = ExitCode.WELL
    advice: bool = False
    """Whether it is well, and could be better."""

    @property
    def sign(self) -> str:
        """Two characters for it, in the words of a log."""
        return "!!" if self.code is not ExitCode.WELL else "->" if self.advice else "ok"

    @property
    def phase(self) -> Phase:
        """The phase of a task that has the colour for it."""
        return {"ok": Phase.DONE, "->": Phase.PARTIAL}.get(self.sign, Phase.FAILED)


class Advice(str):
    """The text of a finding that is well, and could be better."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What the doctor looks with."""

    arguments: Namespace
    paths: Paths
    offline: bool

    def settings(self) -> Settings:
        """Read the settings; raises SettingsError."""
        return read_settings(self.arguments, self.paths)

    def sound_settings(self) -> Settings:
        """Read the settings for another finding than theirs, which does not repeat all that is wrong with them."""
        try:
            return self.settings()
        except SettingsError:
            raise SettingsError(tr("not known as long as the settings have faults")) from None


def examine(look: Look) -> Iterator[Finding]:
    """Yield one finding after the other."""
    for name, check in _CHECKS.items():
        try:
            told = check(look)
            yield Finding(name, told, advice=isinstance(told, Advice))
        except (SettingsError, StoreError) as error:
            yield Finding(name, str(error), ExitCode.USAGE)
        except GatewayError as error:
            yield Finding(name, explained(error), code_of(error))


def _program(_look: Look) -> str:
    return f"ecovai-tui {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"


def _terminal(look: Look) -> str:
    found = read_capabilities(os.environ, is_terminal=on_terminal(sys.stdout), encoding=sys.stdout.encoding or "ascii")
    through = [name for name in ("tmux", "screen", "ssh") if getattr(found, name)]
    drawn = "Unicode" if found.unicode else tr("ASCII only")
    name = os.environ.get("TERM", "")
    told = [tr('TERM="{name}", {n} colours, {drawn}', name=name, n=int(found.depth), drawn=drawn)]
    if through:
        told.append(tr("through {programs}", programs=tr(", ").join(through)))
    ignored = _ignored(read_ui_state(look.paths.ui_state).ignored)
    return sentences(tr("{clause}.", clause=clauses(*told)), ignored) if ignored else clauses(*told)


def _ignored(ignored: IgnoredInput) -> str:
    """Return what a terminal sent to the monitor that is no key: something that looks at the user's keys should not."""
    if not ignored.number:
        return ""
    day = datetime.fromtimestamp(ignored.at, tz=UTC).astimezone().date().isoformat()
    kinds = tr(", ").join(clean_line(kind, LONGEST_KIND) for kind in ignored.such_as)
    return tr_n(
        "A terminal last sent {n} sequence that is no key to the monitor on {day}, such as {kinds}; it was ignored",
        "A terminal last sent {n} sequences that are no keys to the monitor on {day}, such as {kinds}; they were "
        "ignored",
        ignored.number,
        day=day,
        kinds=kinds,
    )


def _tmux(look: Look) -> str:
    found = read_capabilities(os.environ, is_terminal=True, encoding="utf-8")
    if not found.tmux:
        if found.screen:
            return tr("not in use, but screen is: it passes neither focus nor clipboard")
        return tr("not in use")
    options = ask_tmux(os.environ)
    if options is None:
        return tr("it does not say how it is set")
    try:
        notifies = look.settings().notify == "desktop"
    except SettingsError:
        notifies = False
    wanted = [*lines_to_add(options, notifies_desktop=notifies, many_colours=found.depth is ColourDepth.TRUE)]
    told = tr("tmux {version}, with all that the monitor needs", version=options.version)
    if not wanted:
        return told
    lines = (f"{line.text}  # {tr(line.good_for)}" for line in wanted)
    better = tr("tmux {version}; better with this in ~/.tmux.conf:", version=options.version)
    return Advice("\n".join([better, *lines]))


def _settings(look: Look) -> str:
    settings = look.settings()
    remarks = check_settings(settings, look.paths)
    file = shown_path(settings.config_file)
    told = file if is_there(settings.config_file) else tr("there is no {file}; the defaults apply", file=file)
    return " ".join([told, *(f"({remark})" for remark in remarks)])


def _themes(look: Look) -> str:
    found = find_themes(look.paths.theme_dir)
    if found.problems:
        raise StoreError("\n".join(map(str, found.problems)))
    return tr(", ").join(sorted(found.themes))


def _watch_list(look: Look) -> str:
    place = find_place_of_files(look.arguments)
    watch_list = WatchListFile(place.watch_list).read()
    if watch_list.notes:
        raise StoreError(" ".join(watch_list.notes))
    path = shown_path(place.watch_list)
    return tr_n("{n} id in {path}", "{n} ids in {path}", len(watch_list.ids), path=path)


def _replica(look: Look) -> str:
    place = find_place_of_files(look.arguments)
    path = place.replica
    if not is_there(path):
        return tr("there is no {path} yet", path=shown_path(path))
    replica = Replica(path)
    try:
        if replica.problem:
            raise StoreError(replica.problem)
        if not replica.origin:
            return tr("{path}, of no gateway yet", path=shown_path(path))
        return tr("{path}, of {origin}", path=shown_path(path), origin=replica.origin)
    finally:
        replica.close()


def _key(look: Look) -> str:
    settings = look.sound_settings()
    find_key(settings)
    return describe_key(settings)


def _proxy(look: Look) -> str:
    route = find_route(look.sound_settings().base_url)
    if route.proxy:
        return tr("the gateway is asked through the one set in {setting}", setting=route.proxy.setting)
    if route.set_aside:
        told = tr(
            "the one set in {setting} is not used, since {because}", setting=route.set_aside, because=route.because
        )
        return clean_line(told)
    return tr("none is set")


def _gateway(look: Look) -> str:
    settings = look.sound_settings()
    if look.offline:
        return tr("{base_url}, not asked", base_url=settings.base_url)
    key = find_key(settings)
    began = time.monotonic()
    asyncio.run(_ask(settings, key))
    took = (time.monotonic() - began) * 1000
    return tr(
        "{base_url} answers and takes the key; a first request took {took:.0f} ms",
        base_url=settings.base_url,
        took=took,
    )


def _quota(look: Look) -> str:
    settings = look.sound_settings()
    if look.offline:
        return tr("not asked")
    return asyncio.run(_ask_quota(settings, find_key(settings)))


async def _ask_quota(settings: Settings, key: Secret) -> str:
    async with _opened(settings, key) as gateway:
        quota = await gateway.quota()
    if quota is None:
        left = tr("the gateway does not tell what is left")
    elif quota.left is None:
        left = tr("the key has no limit")
    else:
        left = tr("{left:.2f} left, in the units of the site", left=quota.left)
    return f"{left} ({SUBSCRIPTION})"


async def _ask(settings: Settings, key: Secret) -> None:
    asks_otherwise = {Problem.MODEL_RESTRICTED, Problem.NEXT_ROUTE}  # one task at a time does well enough
    async with _opened(settings, key) as gateway:
        while True:
            try:
                await gateway.fetch([NOBODYS_TASK])
            except GatewayError as error:
                if gateway.most_ids > 1 or error.problem not in asks_otherwise:
                    raise
            else:
                return


def _opened(settings: Settings, key: Secret) -> aclosing[Gateway]:
    from ecovai_tui.gateway.client import Endpoint, Gateway  # noqa: PLC0415 - slow to import

    return aclosing(Gateway(Endpoint(settings.base_url, key.reveal(), settings.ca_file)))


_CHECKS: dict[str, Callable[[Look], str]] = {
    later("program"): _program,
    later("terminal"): _terminal,
    "tmux": _tmux,
    later("settings"): _settings,
    later("themes"): _themes,
    later("watch list"): _watch_list,
    later("replica"): _replica,
    later("key"): _key,
    later("proxy"): _proxy,
    later("gateway"): _gateway,
    later("quota"): _quota,
}


EXAMPLES = later("""
examples:
  ecovai-tui doctor
  ecovai-tui doctor --offline
  ecovai-tui --profile work doctor --json

One small request goes to the gateway, unless --offline is given. The key is
never shown.
""")

_GAP = 2
_NARROWEST = 30


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--offline", action="store_true", help=tr("do not ask the gateway"))
    parser.add_argument("--json", action="store_true", help=tr("print the findings as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Print every finding; the exit code is that of the gravest."""
    look = Look(arguments, find_paths(os.environ), offline=arguments.offline)
    with in_english() if arguments.json else nullcontext():
        findings = list(examine(look))
    if arguments.json:
        write_json([{"name": each.name, "code": int(each.code), "text": each.text} for each in findings])
    else:
        _write(findings)
    codes = [finding.code for finding in findings]
    return most_telling(codes) or (ExitCode.USAGE if ExitCode.USAGE in codes else ExitCode.WELL)


def _write(findings: list[Finding]) -> None:
    if not on_terminal(sys.stdout):
        for finding in findings:
            write(tabbed((finding.sign, tr(finding.name), finding.text)))
        return
    heads = aligned([(finding.sign, tr(finding.name), "") for finding in findings])
    indent = max(map(cell_width, heads)) + _GAP
    for finding, head in zip(findings, heads, strict=True):
        first, *rest = _folded(finding.text, indent)
        write(painted(head[:2], finding.phase) + fit(head[2:], indent - 2) + first)
        for line in rest:
            write(" " * indent + line)


_PIECE = r"\s*[“（]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。：；、！？）”]*"
"""What stays together in a line: a word, or one wide character with the signs that belong to it."""


def _folded(text: str, indent: int) -> list[str]:
    """Return a text in lines of the terminal's width."""
    width = max(_NARROWEST, get_terminal_size().columns - indent)
    folded = []
    for line in text.splitlines():
        told = ""
        for piece in re.findall(_PIECE, line):
            if told and cell_width(told + piece) > width:
                folded.append(told)
                told = piece.lstrip()
            else:
                told += piece
        folded.append(told)
    return folded
