"""The commands: what each is for, and which do nothing but change the watch list."""

from __future__ import annotations

from ecovai_tui.language import later

COMMANDS = {
    "submit": later("make something with one paid request, and watch it"),
    "receipts": later("list what was submitted and what became of it"),
    "add": later("put ids on the watch list, also those found in what is piped in"),
    "rm": later("take ids off the watch list"),
    "ls": later("list what is watched, without asking the gateway"),
    "fetch": later("ask the gateway once, now"),
    "follow": later("print a line for every change"),
    "wait": later("wait until tasks are final; the exit code tells how they ended"),
    "download": later("keep the files of finished tasks, whole, tagged and never twice"),
    "status": later("the counts by phase, without asking the gateway; for status lines"),
    "prune": later("take finished, missing or old tasks off the watch list"),
    "export": later("write out all that is known as JSON, CSV or Markdown"),
    "simulate": later("serve a practice gateway on this machine"),
    "config": later("where the settings are, what they say, and whether they are sound"),
    "doctor": later("look for what could be wrong: settings, files, terminal, gateway"),
    "themes": later("list the colour themes"),
    "keys": later("list the keys of the monitor"),
    "completion": later("print the completion for bash, zsh or fish"),
}
"""What each command is for, in the order in which ``--help`` lists them."""

CHANGING = frozenset({"add", "rm", "prune"})
"""The commands that do nothing but change the watch list."""
