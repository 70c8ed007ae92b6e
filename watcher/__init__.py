"""The program. START at `cycle.py`.

cycle       the pipeline: due -> fetch -> read -> believe -> diff -> match -> route -> commit -> deliver
check       one check, and what is decided of it
scheduling  many checks at once, in one event loop
delivery    from the outbox to messages that were sent
service     daemon, worker and `--once`
config      watch.toml
evidence    proofs, verification, time stamps
cli, commands, exit_codes           the command line: a file in commands is a command
tools, terminal, propose, demo      what commands are made of
errors
"""
