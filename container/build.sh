#!/bin/sh
# The steps that make the image, as root in a Debian root with python3 and its venv: Containerfile runs them, and the
# tests run them in a root of their own. SOURCE has the requirements and either dist/*.whl or the source.
#
#   build.sh SOURCE [PREFIX]
set -eu
source=$1
prefix=${2:-/opt/registry-watch}
pip="$prefix/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir"

python3 -m venv "$prefix"
$pip --require-hashes -r "$source/requirements-postgres.txt"
wheel=$(ls "$source"/dist/registry_watch-*.whl 2>/dev/null | tail -n 1)
if [ -n "$wheel" ]; then
  $pip --no-deps "$wheel"
else
  $pip --no-deps --no-build-isolation "$source"
fi
install -m 755 "$source/container/healthy.py" "$prefix/bin/registry-watch-healthy"
"$prefix/bin/python" -m compileall -q "$prefix" || true   # the root is read-only later; files of other versions do not compile
"$prefix/bin/python" -m pip uninstall --yes --quiet pip   # nothing is installed in a running container

# The user of the service, without a shell and a password; a fixed number, for the owner of volumes.
if ! getent passwd registry-watch >/dev/null; then
  groupadd --gid 10001 registry-watch
  useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/registry-watch --shell /usr/sbin/nologin registry-watch
fi
install -d -m 700 -o registry-watch -g registry-watch /var/lib/registry-watch
install -d -m 755 /etc/registry-watch
"$prefix/bin/registry-watch" --version
