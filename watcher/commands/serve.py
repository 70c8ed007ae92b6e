"""Serve the desk: a web page, feeds, an API and metrics over the state of the watch. It runs no checks: the daemon, or
`watch --once`, does.

When it is ready it prints where it listens, and an address that signs you in (not as a systemd unit, whose output is
kept in the journal). The token in it is also the API's bearer token. [web.users.NAME] of watch.toml lists who else may
sign in.

examples:
  watch serve
  watch serve --listen 127.0.0.1:0         on a free port
  watch serve --hash-password              for [web.users.NAME] password
"""

import argparse

HELP = "serve the desk: a web page, feeds, an API and metrics"

_NEEDED = {"fastapi", "uvicorn", "prometheus_client", "argon2", "python_multipart"}


def has_desk() -> bool:
    """Whether the extra `web` is installed."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in _NEEDED)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and the token."""
    parser.set_defaults(reloads=True)
    add_listen(parser)
    parser.add_argument("--hash-password", action="store_true", help="ask for a password, print its hash, and exit")


def add_listen(parser: argparse.ArgumentParser) -> None:
    """What may be said of a desk in place of the configuration."""
    parser.add_argument("--listen", metavar="HOST:PORT", help="in place of [web] listen; port 0: a free one")
    parser.add_argument("--token", metavar="TOKEN", help="the token to sign in with, in place of [web] token")


def check_desk(args: argparse.Namespace) -> None:
    """Raises UsageError for options that cannot be, and where the extra `web` is not installed."""
    from watcher.config.settings import SHORTEST_TOKEN, UNIX, host_and_port
    from watcher.errors import UsageError

    if args.listen and not args.listen.startswith(UNIX) and host_and_port(args.listen)[1] is None:
        raise UsageError(f'--listen: "{args.listen}" is not a host and port, such as 127.0.0.1:8350')
    if args.token is not None and len(args.token) < SHORTEST_TOKEN:
        raise UsageError(f"--token: it has to have {SHORTEST_TOKEN} characters at least")
    if not has_desk():
        raise UsageError('the desk needs the extra "web": pip install "registry-watch[web]"')


def run(args: argparse.Namespace) -> int:
    """Serve until it is told to stop: 0. Raises ConfigError, UsageError and StateError."""
    check_desk(args)
    if args.hash_password:
        from getpass import getpass

        from watcher.web.signing_in import hash_password

        print(hash_password(getpass("password: ")))
        return 0
    from watcher.web.server import serve

    serve(args.config, args.listen, args.token)
    return 0
