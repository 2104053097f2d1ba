"""The settings file as ``config init`` writes it: every setting with what it means, each line put out of force."""

from __future__ import annotations

import os
from pathlib import Path

from ecovai_tui.language import later, tr
from ecovai_tui.store.errors import SettingsError, shown_path, store_error
from ecovai_tui.store.files import make_directory

TEMPLATE = later("""\
# The settings of ecovai-tui. The program reads this file and never writes it.
# A line that begins with "#" is not in force: take the sign away to use it. What stands behind it is the default,
# unless it is an example. ecovai-tui config check says what is wrong, ecovai-tui config show what is in force.

# The gateway, and the key that belongs to it: one of the two ways to give it, or ECOVAI_API_KEY in the environment.
#base_url = "https://api.ecovai.cn"
#api_key_command = "pass show ecovai"      # an example; the first line that it prints is the key
#api_key = "sk-..."                        # only in a file of mode 0600

# How often the gateway is asked.
#interval = 5                              # seconds between two polls of a young task, 2 to 3600
#max_requests_per_minute = 30              # 1 to 30, however many panes are open

# What you see and hear.
#theme = "ecovai-dark"                     # ecovai-tui themes lists them; without it, the one picked with t
#columns = ["phase", "took", "title"]      # an example; also clips, length, label, submitted, model, id
#notify = "bell"                           # when a task becomes final: "bell", "desktop" or "off"
#quiet_hours = "22:00-07:00"               # an example; neither a bell nor a hook then
#language = "auto"                         # "en", "zh-CN", or as the locale says
#mouse = true
#ascii = false                             # signs and lines in plain ASCII; without it, as the terminal can
#slow_link = false                         # times by the minute, fewer paints
#pictures = true                           # show saved pictures in the card; without it, but over SSH (needs Pillow)
#readonly = false                          # change nothing: no key adds, removes or labels
#quota = true                              # what is left to the key in the status bar, asked every ten minutes at most

# What is kept of finished songs: with D, ecovai-tui download and wait --download.
#download_dir = "~/Music/ecovai-tui"       # without it: ecovai-tui in $XDG_MUSIC_DIR or ~/Music
#download_name = "{title}-{clip}"          # {title} {clip} {task} {label} {model} {date} {n}
#artist = "Ada"                            # an example; the name that stands in the tags
#auto_download = false                     # keep each song as soon as it is done
#player = "mpv --no-video"                 # what P plays with; without it mpv, ffplay or vlc, whichever is there

# How the gateway is reached.
#ca_file = "company-ca.pem"                # an example; certificates beside those of the system
#allow_http = false                        # a gateway without encryption that is not on this machine

# Programs of yours that are run when something happens: on "final", "failed" or "downloaded". No shell runs them.
#[[hooks]]
#on = "downloaded"
#command = ["notify-send", "{title}"]      # an example; {id} {label} {phase} {reason} {model} {clip} {path} {event}

# Keys: the names of the actions are told by ecovai-tui keys.
#[keys]
#refresh = "r,f5"
#"filter.failed-today" = "F"               # an example; the key of a filter of yours

# Filters of your own, shown among all actions: what is typed behind /, with a name.
#[filters]
#failed-today = "phase:failed age<1d"      # an example

# A profile is a gateway with its own key, its own watch list and its own settings: ecovai-tui --profile work
#[profiles.work]
#base_url = "https://gateway.example"
#api_key_command = "pass show work"
""")


def write_template(path: Path) -> None:
    """Write the template where no file is yet, for the user alone (mode 0600).

    Raises SettingsError where there is one, which stays as it is, or where none can be written.
    """
    try:
        make_directory(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError(tr("{path} is there already, and stays as it is.", path=shown_path(path))) from None
    except OSError as error:
        raise SettingsError(str(store_error("write", path, error))) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(tr(TEMPLATE))
