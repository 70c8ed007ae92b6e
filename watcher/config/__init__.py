"""watch.toml as a typed Config, or every reason why not.

load            reads, checks and builds the Config
files           finds the files and puts them together
settings        the keys outside of tables
source_tables   the tables of sources as ready kinds
file_rights     which files others may change
documents       a TOML document with mistakes, and what can be read beside them
key_lines       on which line a key stands
substitute      `${NAME}` and `${credential:NAME}`
needed_secrets  which secrets a command needs, and which words are none
config_secrets  secrets that stand in the configuration itself
crosschecks     what only shows across tables
problems        what is wrong, in lines for people
schema          the JSON Schema for editors
"""
