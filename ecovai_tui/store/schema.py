"""The tables of the replica, and what makes a file of an older version one of the newest."""

from __future__ import annotations

_REQUESTS = (
    """
    CREATE TABLE request (
        token INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, at REAL NOT NULL, alive_until REAL
    )
    """,
    "CREATE INDEX request_time ON request (origin, at)",
    """
    CREATE TABLE gateway (
        origin TEXT PRIMARY KEY, used_at REAL NOT NULL DEFAULT 0, written_at REAL NOT NULL DEFAULT 0,
        last_reply REAL, skew REAL NOT NULL DEFAULT 0, trouble TEXT NOT NULL DEFAULT '',
        failures INTEGER NOT NULL DEFAULT 0, wait_until REAL NOT NULL DEFAULT 0, floor_until REAL NOT NULL DEFAULT 0,
        hurry INTEGER NOT NULL DEFAULT 0, most_ids INTEGER NOT NULL DEFAULT 50, suspect TEXT NOT NULL DEFAULT '',
        quota_left REAL, quota_at REAL NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX task_due ON task (origin, due_at) WHERE watched = 1 AND due_at IS NOT NULL",
)
"""Who polls the gateway, and when: the same for new files and for older ones."""

_FILES = (
    """
    CREATE TABLE file (
        origin TEXT NOT NULL, task TEXT NOT NULL, clip TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL,
        path TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, validator TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (origin, clip, what)
    )
    """,
    "CREATE INDEX file_of_task ON file (origin, task)",
    """
    CREATE TABLE hook (origin TEXT NOT NULL, about TEXT NOT NULL, event TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (origin, about, event))
    """,
)
"""What was downloaded, where it is, and for which events a pane has run the hooks."""

_TABLES = (
    """
    CREATE TABLE task (
        origin TEXT NOT NULL, id TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT 'unknown', phase TEXT NOT NULL DEFAULT 'waiting', status TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '', model TEXT NOT NULL DEFAULT '', clip_phases TEXT NOT NULL DEFAULT '',
        fail_reason TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
        no_audio INTEGER NOT NULL DEFAULT 0, awaits_file INTEGER NOT NULL DEFAULT 0, length REAL,
        submitted_at REAL, started_at REAL, finished_at REAL,
        quiet_since REAL, final_at REAL, seen_at REAL, changed_at REAL,
        watched INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, label TEXT NOT NULL DEFAULT '',
        added_at REAL, unwatched_at REAL,
        tags TEXT NOT NULL DEFAULT '',
        due_at REAL, restarted_at REAL, misses INTEGER NOT NULL DEFAULT 0, alone INTEGER NOT NULL DEFAULT 0,
        files INTEGER NOT NULL DEFAULT 0, progress REAL, expires_at REAL,
        PRIMARY KEY (origin, id)
    )
    """,
    """
    CREATE INDEX task_on_screen
        ON task (origin, submitted_at IS NULL, coalesce(submitted_at, added_at, 0.0), position) WHERE watched = 1
    """,
    "CREATE INDEX task_unwatched ON task (unwatched_at) WHERE watched = 0",
    "CREATE INDEX task_example ON task (origin, kind, final_at) WHERE final_at IS NOT NULL",
    """
    CREATE TABLE payload (
        origin TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, source TEXT NOT NULL,
        PRIMARY KEY (origin, id)
    )
    """,
    """
    CREATE TABLE change (
        row INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, at REAL NOT NULL, id TEXT NOT NULL,
        what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
    )
    """,
    "CREATE INDEX change_of_task ON change (origin, id)",
    *_REQUESTS,
    *_FILES,
)

TAGS = (
    "ALTER TABLE task ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    """
    UPDATE task SET tags = told.tags FROM (
        SELECT origin, payload.id, group_concat(DISTINCT part.value) AS tags FROM payload, json_tree(content) AS part
        WHERE part.key = 'tags' AND part.value != '' GROUP BY origin, payload.id
    ) AS told
    WHERE task.origin = told.origin AND task.id = told.id
    """,
)
"""The step of the schema that makes style tags a column: they are part of what each line is found by."""

_FROM_FIRST_VERSION = (
    "DROP INDEX task_unsettled",
    "DROP TABLE request",
    "DROP TABLE intent",
    "DROP TABLE link",
    "ALTER TABLE task ADD COLUMN due_at REAL",
    "ALTER TABLE task ADD COLUMN restarted_at REAL",
    "ALTER TABLE task ADD COLUMN misses INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE task ADD COLUMN alone INTEGER NOT NULL DEFAULT 0",
    "UPDATE task SET due_at = 0 WHERE watched = 1 AND (phase NOT IN ('done', 'partial', 'failed') OR awaits_file = 1)",
    *_REQUESTS,
    "INSERT INTO gateway (origin, used_at) SELECT name, used_at FROM origin",
    "DROP TABLE origin",
)

_WITH_FILES = ("ALTER TABLE task ADD COLUMN files INTEGER NOT NULL DEFAULT 0", *_FILES)

LENGTH = (
    "ALTER TABLE task ADD COLUMN length REAL",
    """
    UPDATE task SET length = (
        SELECT json_extract(clip.value, '$.duration') FROM payload, json_each(content, '$.clips') AS clip
        WHERE payload.origin = task.origin AND payload.id = task.id AND json_extract(clip.value, '$.duration') > 0
        ORDER BY clip.key LIMIT 1
    )
    """,
)
"""The step of the schema that makes the length of the song a column, which each line shows."""

_FROM_THIRD_VERSION = (
    *_WITH_FILES,
    "ALTER TABLE gateway ADD COLUMN quota_left REAL",
    "ALTER TABLE gateway ADD COLUMN quota_at REAL NOT NULL DEFAULT 0",
    *LENGTH,
)

_PICTURES = ("ALTER TABLE task ADD COLUMN progress REAL", "ALTER TABLE task ADD COLUMN expires_at REAL")
"""The step that makes the progress of pictures and videos columns, and until when their addresses work."""

STEPS = {
    0: _TABLES,
    1: (*TAGS, *LENGTH, *_FROM_FIRST_VERSION, *_WITH_FILES, *_PICTURES),
    3: (*_FROM_THIRD_VERSION, *_PICTURES),
    4: _PICTURES,
}
"""What makes a file of each older version one of the newest; 0 is a new file."""

VERSION = 5
