"""Each fault of a gateway is told in words, with the time of the next try; the last data stay and are marked."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from support.terminal import Open
from support.theatre import a_task, until

from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.simulator.replies import Fault
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Flags, load_settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Clip, Phase
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.context import Options as Look
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.tui.widgets.task_table import TaskTable

pytestmark = pytest.mark.usefixtures("pilots_wait")

MINUTE = 60.0
REFUSED = "refused port"
AGAIN = "(try|asked|asked for) again"

TOLD = {
    "429": "(?i)too many requests",
    "429-retry-after": "(?i)too many requests",
    "500": f"could not read its database.*{AGAIN}.*database is locked",
    "502-html": f"no answer from it .nginx, HTTP 502.*{AGAIN}.*502 Bad Gateway",
    "503": f"overloaded.*{AGAIN}.*system cpu overloaded",
    "504": f"waited in vain.*HTTP 504.*{AGAIN}",
    "reset": f"connection broke.*{AGAIN}",
    "cut": f"connection broke.*{AGAIN}",
    "html200": "web page, not the API.*check base_url",
    "empty200": f"nothing at all.*{AGAIN}",
    "garbage": f"damaged, cut short or not of this API.*{AGAIN}[^\ufffd]*$",
    "401": "Key refused.*website.*无效的令牌",
    "401-exhausted": "key's quota is used up.*raise it.*该令牌额度已用尽",
    "401-expired": "key has expired.*renew it.*该令牌已过期",
    "401-disabled": "key is disabled.*enable it.*该令牌状态不可用",
    "401-database": f"database fails.*key is fine.*{AGAIN}.*数据库",
    "401-upstream": "operator is refused.*nothing to do with your key.*401 Unauthorized",
    "402-money": "too little money.*top it up.*用户额度不足",
    "403-model": "restricted to certain models.*lift the restriction.*comma",
    "403-banned": "account is banned.*operator.*用户已被封禁",
    "403-ip": "listed addresses.*add this one.*IP",
    "403-group": "group is closed.*pick another.*令牌分组 vip",
    "403-empty": f"without a word of the gateway.*{AGAIN}",
    "cloudflare": f"protection in front of the gateway.*Cloudflare, HTTP 403.*{AGAIN}.*Just a moment",
    "cloudflare-1010": f"protection in front of the gateway.*Cloudflare, HTTP 403.*{AGAIN}.*1010",
    "cloudflare-521": f"no answer from it .Cloudflare, HTTP 521.*{AGAIN}.*Web server is down",
    "waf405": f"protection in front of the gateway.*Alibaba Cloud, HTTP 405.*{AGAIN}",
    "nginx401": f"protection in front of the gateway.*nginx, HTTP 401.*{AGAIN}",
    "nginx403": f"protection in front of the gateway.*nginx, HTTP 403.*{AGAIN}",
    "nginx405": f"protection in front of the gateway.*nginx, HTTP 405.*{AGAIN}",
    "aws403": f"protection in front of the gateway.*AWS, HTTP 403.*{AGAIN}",
    "413": "too large for this gateway",
    "redirect": "sends us elsewhere ./login.*base_url",
    REFUSED: r"Nothing accepts connections at 127\.0\.0\.1:\d+.*check base_url",
}
"""What is said of each fault that ends a request."""

FORBIDDEN = re.compile(r"<[a-zA-Z/!]|Traceback|Error\(|httpx|sk-[0-9A-Za-z]|\bNone\b")


@pytest.fixture
def paths(environment: dict[str, str]) -> Paths:
    return find_paths(environment)


def remember(paths: Paths, base_url: str) -> None:
    """Leave behind what an earlier run knew: one song under way and one that is done, last seen five minutes ago."""
    before = time.time() - 5 * MINUTE
    playing = (Clip("c2", Phase.STREAMING, title="Under Way", audio_url="https://audiopipe.suno.ai/?item_id=c2"),)
    finished = (Clip("c1", Phase.DONE, title="Well Done", audio_url="https://cdn1.suno.ai/c1.mp3"),)
    tasks = (
        a_task("under-way", Phase.STREAMING, submitted_at=before - 30, clips=playing),
        a_task("well-done", Phase.DONE, submitted_at=before - 300, clips=finished),
    )
    WatchListFile(paths.watchlist("simulator")).add([task.id for task in tasks], now=before)
    replica = Replica(paths.replica("simulator"), origin(base_url))
    replica.mirror(WatchListFile(paths.watchlist("simulator")).read(), before)
    replica.record(tasks, before, lambda summary, now, _: None if summary.phase.final else now)
    replica.close()


def session_on(environment: dict[str, str], paths: Paths, simulator: Simulator) -> Session:
    variables = environment | {
        "ECOVAI_PROFILE": "simulator",
        "ECOVAI_BASE_URL": simulator.base_url,
        "ECOVAI_API_KEY": simulator.key,
    }
    return open_session(load_settings(Flags(), variables, paths), paths)


@pytest.mark.parametrize("fault", TOLD)
async def test_a_fault_is_told_in_words_and_the_rows_are_kept_and_marked(
    environment: dict[str, str], paths: Paths, tmp_path: Path, fault: str
) -> None:
    with Simulator(Options(faults=() if fault == REFUSED else (Fault(fault),), population=0)) as simulator:
        remember(paths, simulator.base_url)
        if fault == REFUSED:
            simulator.stop()
        session = session_on(environment, paths, simulator)
        app = MonitorApp(session, Look(Capabilities(depth=ColourDepth.TRUE, unicode=True), tmp_path / "themes"))
        async with app.run_test(size=(600, 30)) as pilot:
            await until(lambda: session.engine.link.trouble)
            await until(lambda: lines_of(app)[0].startswith(" ✗") and lines_of(app)[1].count("stale") == 1)
            await pilot.pause()
            status, rows = lines_of(app)
        session.close()
    assert re.search(TOLD[fault], status), status
    assert re.search(r"Asked again at \d\d:\d\d|r asks again|Asking again now", status), status
    assert re.search(r"► (streaming )?stale .*Under Way", rows), rows
    assert re.search(r"✓ done .*Well Done", rows), rows
    assert not re.search("stale .*Well Done", rows)
    assert not FORBIDDEN.search(status + rows)


def lines_of(app: MonitorApp) -> tuple[str, str]:
    """Return the status bar and the table."""
    table = app.main.query_one(TaskTable)
    rows = "\n".join(table.render_line(y).text for y in range(table.size.height))
    return app.main.query_one("#status", LineBar).line.text, rows


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("502-html", "got no answer from"),
        ("401-exhausted", "quota is used up"),
        ("waf405", "a protection in front of"),
    ],
)
def test_the_real_program_tells_it_at_eighty_columns_too(
    open_quickly: Open, environment: dict[str, str], paths: Paths, fault: str, sentence: str
) -> None:
    with Simulator(Options(faults=(Fault(fault),), population=0)) as simulator:
        remember(paths, simulator.base_url)
        variables = environment | {
            "ECOVAI_PROFILE": "simulator",
            "ECOVAI_BASE_URL": simulator.base_url,
            "ECOVAI_API_KEY": simulator.key,
        }
        terminal = open_quickly(environment=variables, columns=80, lines=24)
        terminal.wait_for(sentence)
        terminal.wait_for(r"[Aa]gain at \d\d:\d\d|r asks again")
        terminal.wait_for("stale")
        terminal.wait_for("Under Way")
        assert not FORBIDDEN.search(terminal.text)
        terminal.press("q")
        assert terminal.exit_code() == 0
