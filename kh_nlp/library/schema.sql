-- The library: one SQLite file is the truth, everything in segments/ is derived from it.
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE plans (
    id INTEGER PRIMARY KEY,
    plan_id TEXT NOT NULL UNIQUE,          -- given at first ingest, never changed
    identity TEXT UNIQUE,                  -- issuer + number + date, NULL where one is unknown
    created_at TEXT NOT NULL,
    corrected TEXT                         -- the same of the corrected head, NULL if not corrected
);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    plan INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL UNIQUE,           -- of the bytes of the file
    parser INTEGER NOT NULL,               -- PARSER_VERSION that read it
    current INTEGER NOT NULL CHECK (current IN (0, 1)),
    json TEXT NOT NULL,                    -- the plan as `kh parse` prints it, corrected
    summary TEXT NOT NULL,                 -- what lists show, so that they need not read json
    created_at TEXT NOT NULL,
    parsed TEXT                            -- json before corrections, NULL where there are none
);
CREATE UNIQUE INDEX versions_current ON versions (plan) WHERE current = 1;

CREATE TABLE files (
    path TEXT PRIMARY KEY,                 -- absolute
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL
);
CREATE INDEX files_version ON files (version);

CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: segments name passages by it
    plan INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,                    -- section | task | plan
    unit TEXT,                             -- Section.id or Task.id
    number TEXT,                           -- section path, or that of the task's section
    heading TEXT,
    page INTEGER NOT NULL,
    text TEXT NOT NULL,                    -- what a reader sees
    words TEXT,                            -- what is indexed where that is less than text
    context TEXT NOT NULL,                 -- headings above the unit
    spans TEXT NOT NULL,                   -- [[start, end, offset in text], ...] into Plan.text
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    title TEXT,
    -- copies of what filters ask for; folded where people type it in many ways
    issuer TEXT,
    level TEXT,
    province TEXT,
    year INTEGER,
    agencies TEXT NOT NULL                 -- folded names of responsible bodies, "|a|b|"
);
CREATE INDEX passages_plan ON passages (plan);

CREATE TABLE citations (
    id INTEGER PRIMARY KEY,
    plan INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    key TEXT,                              -- NULL while unresolved
    kind TEXT,
    number TEXT,
    issued_on TEXT,
    issuer TEXT,
    title TEXT,
    role TEXT NOT NULL,
    relation TEXT,
    section TEXT,                          -- path of the section, NULL outside the outline
    page INTEGER NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
);
CREATE INDEX citations_key ON citations (key);
CREATE INDEX citations_plan ON citations (plan);

CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('lexical', 'dense')),
    name TEXT NOT NULL UNIQUE,             -- folder under segments/
    checksum TEXT NOT NULL,
    first INTEGER NOT NULL,                -- smallest and largest passage id
    last INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    dead INTEGER NOT NULL DEFAULT 0        -- passages removed since it was written
);

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    plan INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,               -- counts the corrections of one plan from 1
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    note TEXT,
    record TEXT NOT NULL,                  -- target, action, ref, field, old, new, quote
    anchors TEXT NOT NULL,                 -- where it belongs: original characters, never ids
    status TEXT NOT NULL,                  -- what became of it at the last ingest
    reason TEXT,
    undone_by TEXT,
    undone_at TEXT,
    UNIQUE (plan, number)
);
