"""watch.toml as a typed Config, or all errors in it.

load            reads, checks and builds the Config
files           finds the files and merges them, with what is configured at the desk; the line of each key; who else may
                change them
edit            edits of that: checked as a whole configuration is, then stored
exchange        the same as TOML, and tables of TOML as edits of it
sealing         its secrets: sealed in the state, and masked where they are shown
settings        the keys outside of tables, and the tables `[web]`, `[translate]` and `[summarize]`
source_tables   the tables of sources as instances of their kinds
config_secrets  `${NAME}` and `${credential:NAME}`, and secrets written in the configuration itself
crosschecks     errors that involve several tables
problems        errors as lines for people
schema          the JSON Schema for editors
arguments       what commands are given, checked against the configuration
open_state      opens the state: for commands that only read it, and for a service
"""
