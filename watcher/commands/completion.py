"""Print the script with which a shell completes this program.

Commands and options are completed, and the names of your sources, entities,
channels and kinds. `make install` puts it in place for registry-watch.

examples:
  eval "$(watch completion bash)"       in ~/.bashrc
  eval "$(watch completion zsh)"        in ~/.zshrc, after compinit
  watch completion fish | source        in ~/.config/fish/config.fish
"""

import argparse

HELP = "complete commands and names in bash, zsh and fish"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def run(args: argparse.Namespace) -> int:
    """Print the script: 0."""
    from watcher.completion import script

    print(script(args.shell))
    return 0
