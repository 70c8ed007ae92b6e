"""watch.toml as a typed Config, or all errors in it.

load            reads, checks and builds the Config
files           finds the files and merges them
settings        the keys outside of tables
source_tables   the tables of sources as instances of their kinds
file_rights     which files other users may change
documents       parses a TOML document with several mistakes
key_lines       the line of each key
substitute      `${NAME}` and `${credential:NAME}`
needed_secrets  which secrets a command needs, and which words are not secret
config_secrets  secrets written in the configuration itself
crosschecks     errors that involve several tables
problems        errors as lines for people
schema          the JSON Schema for editors
schedule_options the table `[schedule]`
web_options     the table `[web]`
"""
