"""Make the pictures of the documentation: ``.venv/bin/python docs/make_picture.py`` renews all of them.

``make_picture.py FILE [SIZE [KEY ...]]`` makes one, such as ``make_picture.py /tmp/help.svg 160x44 question_mark``.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ecovai_tui.commands.shared.command_parser import make_parser
from ecovai_tui.commands.simulate import opened_demo
from ecovai_tui.engine.session import Session
from ecovai_tui.store.files import find_paths
from ecovai_tui.terminal.capabilities import read_capabilities
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options
from ecovai_tui.tui.widgets.task_table import TaskTable

TITLE = "Harbour Lights"
"""The song whose lyrics the panel shows."""


class Picture(NamedTuple):
    """A look at the demo: cells, the keys that lead to it, and how colours and signs are."""

    size: str = "120x30"
    keys: Sequence[str] = ()
    theme: str = "ecovai-dark"
    ascii: bool = False


PICTURES: Mapping[str, Picture] = {
    "demo": Picture(),
    "wide": Picture("180x44"),
    "small": Picture("80x24"),
    "least": Picture("40x10"),
    "light": Picture(theme="ecovai-light"),
    "ascii": Picture("100x30", ascii=True),
    "filter": Picture("100x24", ("slash", *"phase:failed age<30d", "enter")),
    "history": Picture("120x30", ("3",)),
    "zoom": Picture("160x40", ("f",)),
    "create": Picture("100x36", ("c",)),
    "actions": Picture("100x24", ("colon", *"co")),
    "help": Picture("130x44", ("question_mark",)),
}
"""By the names of their files."""


async def drawn(session: Session, themes: Path, wanted: Picture) -> str:
    """Return the demo as SVG, a moment after its first reply and the last key."""
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    capabilities = read_capabilities(environment, is_terminal=True, encoding="utf-8")
    options = Options(capabilities, themes_folder=themes, theme=wanted.theme, demo=True, ascii=wanted.ascii)
    app = MonitorApp(session, options)
    columns, lines = map(int, wanted.size.split("x"))
    async with app.run_test(size=(columns, lines)) as pilot:
        while not (ids := [task.id for task in session.replica.watched() if task.summary.title == TITLE]):
            await pilot.pause(0.1)
        app.main.query_one(TaskTable).move_to(ids[0])
        await pilot.pause(3)
        await pilot.press(*wanted.keys)
        await pilot.pause(0.5)
        return slender(app.export_screenshot(title="ecovai-tui --demo"))


def slender(svg: str) -> str:
    """Return a picture without what no browser needs: names of twenty letters, and a clip path for each line."""
    svg = re.sub(r"terminal-\d+-", "t", svg)
    svg = re.sub(r'<clipPath id="tline-\d+">.*?</clipPath>\s*', "", svg, flags=re.DOTALL)
    svg = re.sub(r' clip-path="url\(#tline-\d+\)"', "", svg).replace(' shape-rendering="crispEdges"', "")
    return svg.replace("</style>", "rect { shape-rendering: crispEdges }\n    </style>", 1)


def make(target: Path, wanted: Picture) -> None:
    """Write one picture."""
    with TemporaryDirectory() as folder:
        paths = find_paths({**os.environ, "ECOVAI_CONFIG_DIR": folder})
        with opened_demo(make_parser().parse_args(["--demo", "--theme", wanted.theme]), paths) as session:
            svg = asyncio.run(drawn(session, Path(folder), wanted))
    target.write_text(svg, encoding="utf-8")


def main(words: Sequence[str]) -> None:
    """Write the picture that is named, or all."""
    if words:
        file, *size_and_keys = words
        size, *keys = size_and_keys or [Picture().size]
        make(Path(file), Picture(size, keys))
        return
    for name, wanted in PICTURES.items():
        make(Path(__file__).with_name(f"{name}.svg"), wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
