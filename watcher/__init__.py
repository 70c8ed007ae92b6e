"""The program. START at `cycle.py`.

cycle       the pipeline: due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver
check       one check of a source, and the decision on its outcome
runtime     many checks at once, in one event loop
schedule    when a source is checked: interval, calendar, learned rhythm
delivery    sends what is in the outbox
service     daemon, worker and `--once`
web         the desk: the pages of `watch serve`
reports     what the state says, as commands print it, `--json` dumps it and the desk shows it
trials      what would be: a source read or replayed, a held snapshot, a rule for a change
config      loads watch.toml
evidence    proofs, verification, third witnesses
bots        what people press and ask in chats
past        captures that others kept of a source
cli, commands                       the command line: a file in commands is a command
terminal, propose, demo             what the commands use
importing   what other programs watch, as a configuration of ours
assistant   what assistants may ask: `watch mcp`
doctor      what an administrator asks first
errors      errors in the configuration and in a command line, and exit codes
"""
