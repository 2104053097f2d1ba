"""A gateway to practise on: scripted tasks and faults behind a standard-library HTTP server.

It imports nothing of the other packages, so that it cannot share their misreadings.
"""

from ecovai_tui.simulator.cdn import FileRecord
from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.replies import FAULT_NAMES, Fault, parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options, RequestRecord

__all__ = ["DIALECTS", "FAULT_NAMES", "Fault", "FileRecord", "Options", "RequestRecord", "Simulator", "parse_faults"]
