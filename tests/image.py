"""An image made of a Containerfile without a container engine: its instructions run in roots of Debian, and what was made
runs in namespaces, as an engine would run it. Needs root and the network."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests import debian

CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "HOME": "/root"}
PRIVATE = ("unshare", "--fork", "--kill-child=SIGKILL", "--pid", "--mount", "--propagation", "private")
BUILDING = 'mount --rbind /dev "$0/dev"; mount -t proc proc "$0/proc"; exec chroot "$0" /bin/sh -c "$1"'
# --read-only --tmpfs /tmp, with a volume, a configuration, and the devices that an engine gives.
RUNNING = """
root=$0 name=$1 mounts=$2; shift 2
hostname "$name"
mount --bind "$root" "$root"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mkdir -m 1777 "$root/dev/shm"; ln -s /proc/self/fd "$root/dev/fd"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
while IFS=: read -r source target options; do
  test -e "$root$target" || if [ -d "$source" ]; then mkdir -p "$root$target"   # to mount on, as an engine does
  else mkdir -p "$root${target%/*}"; touch "$root$target"; fi
  mount --bind -o "${options:-rw}" "$source" "$root$target"
done <<< "$mounts"
mount -o remount,bind,ro "$root"
exec chroot "$root" "$@"
"""


@dataclass
class Stage:
    """What the instructions since a FROM have made."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "0:0"
    folder: str = "/"
    entrypoint: Sequence[str] = ()

    def run(self, command: str) -> None:
        environment = CLEAN | debian.let_out(self.root) | self.environment
        ran = subprocess.run(
            [*PRIVATE, "bash", "-euc", BUILDING, str(self.root), command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert ran.returncode == 0, f"RUN {command}\n{ran.stdout}\n{ran.stderr}"

    def copy(self, source: Path, target: str) -> None:
        to = self.root / target.lstrip("/")
        to.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(source), str(to)], check=True, timeout=60)

    def command(
        self, mounts: Sequence[str], words: Sequence[str], name: str = "watch", **environment: str
    ) -> list[str]:
        """What runs these words in here, without rights: with folders and files as "SOURCE:TARGET" or "SOURCE:TARGET:ro"."""
        user, _, group = self.user.partition(":")
        rights = ("--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs")
        known = [f"{variable}={value}" for variable, value in {**self.environment, **environment}.items()]
        person = [
            "setpriv",
            f"--reuid={user}",
            f"--regid={group}",
            *rights,
            "env",
            "-i",
            f"--chdir={self.folder}",
            *known,
        ]
        isolated = [*PRIVATE, "--ipc", "--uts"]
        return [*isolated, "bash", "-euc", RUNNING, str(self.root), name, "\n".join(mounts), *person, *words]


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction of a Containerfile with its words."""
    whole = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    return [(name, words.strip()) for name, words in re.findall(r"(?m)^([A-Z]+)\s+(.+)$", whole)]


def build(containerfile: Path, context: Path, folder: Path) -> Stage:
    """The last stage, made in an empty folder of a context."""
    stages: dict[str, Stage] = {}
    for name, words in instructions(containerfile.read_text("utf-8")):
        if name == "FROM":
            image, _, called = words.partition(" AS ")
            assert f"/debian:{debian.RELEASE}" in image
            stages[called] = stage = Stage(folder / f"stage-{len(stages)}")
            subprocess.run(["cp", "-a", str(debian.bare()), str(stage.root)], check=True, timeout=100)
        else:
            _follow(stage, name, words, stages, context)
    return stage


def _follow(stage: Stage, name: str, words: str, stages: dict[str, Stage], context: Path) -> None:
    match name:
        case "RUN":
            stage.run(words)
        case "COPY":
            *options, source, target = words.split()
            origin = (
                stages[options[0].removeprefix("--from=")].root / source.lstrip("/") if options else context / source
            )
            stage.copy(origin, target)
        case "ENV":
            stage.environment |= dict(each.split("=", 1) for each in words.split())
        case "USER":
            stage.user = words
        case "WORKDIR":
            stage.folder = words
        case "ENTRYPOINT":
            stage.entrypoint = re.findall(r'"([^"]+)"', words)
        case _:
            assert name in {"VOLUME", "STOPSIGNAL", "HEALTHCHECK"}, name  # those are for an engine
