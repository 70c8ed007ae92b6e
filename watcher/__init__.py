"""The program. START at `cycle.py`.

cycle       the pipeline: due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver
check       one check of a source, and the decision on its outcome
scheduling  many checks at once, in one event loop
delivery    sends what is in the outbox
service     daemon, worker and `--once`
web         the desk: the pages of `watch serve`
config      loads watch.toml
evidence    proofs, verification, time stamps
cli, commands, exit_codes           the command line: a file in commands is a command
tools, terminal, propose, demo      what the commands use
errors      errors in the configuration and in a command line
"""
