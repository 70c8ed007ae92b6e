#!/bin/sh
# The program as a service of this machine: install, upgrade, release or uninstall. As root, from a clone; `make install`
# and the others call it: docs/operate.md. A release is a folder of its own, and $prefix a link to it: an upgrade that fails
# leaves what runs as it is.
#
# SYSTEM_PYTHON: the interpreter. POSTGRES=1: with what a state on a PostgreSQL server needs. BROWSER=1: with Playwright, for
# fetch = "browser". An upgrade goes on with both. PLUGINS: packages with kinds of third parties.
set -eu
cd "$(dirname "$0")/.."
prefix=/opt/registry-watch
release=$prefix.$(date -u +%Y%m%dT%H%M%SZ)
python=${SYSTEM_PYTHON:-/usr/bin/python3} # the system's: the service cannot see one below /home or /root
configuration=/etc/registry-watch
share=/usr/local/share
units="registry-watch.service registry-watch-worker@.service registry-watch-once.service registry-watch-once.timer
  registry-watch-web.service registry-watch-browser.service"

has() { # whether the release that is in use has a package
  ls -d $prefix/lib/python*/site-packages/"$1" >/dev/null 2>&1
}

release() {
  if [ -e $prefix ] && [ ! -L $prefix ]; then
    echo "$prefix is in the way: move it away first"
    exit 1
  fi
  requirements=requirements.txt
  if [ -n "${POSTGRES:-}" ] || has psycopg; then requirements=requirements-postgres.txt; fi
  browser=
  if [ -n "${BROWSER:-}" ] || has playwright; then browser=1; fi
  pip="$release/bin/python -m pip install --quiet --disable-pip-version-check"
  "$python" -m venv "$release"
  $pip --require-hashes -r $requirements
  [ -z "$browser" ] || $pip --require-hashes -r requirements-browser.txt
  $pip --no-deps --no-build-isolation . ${PLUGINS:-}
  "$release/bin/registry-watch" --version
  ln -sfn "$release" $prefix
  install -m 755 systemd/registry-watch.sh /usr/local/bin/registry-watch
  install -D -m 644 -t $share/man/man1 man/registry-watch.1
  install -D -m 644 -t $share/bash-completion/completions completions/registry-watch
  install -D -m 644 -t $share/zsh/site-functions completions/_registry-watch
  install -D -m 644 -t $share/fish/vendor_completions.d completions/registry-watch.fish
  for unit in $units; do
    install -m 644 "systemd/$unit" /etc/systemd/system/
    # The browser's unit names Chromium, which nothing else needs: without it, systemd-analyze calls that unit wrong.
    if [ "$unit" != registry-watch-browser.service ] || [ -e /usr/bin/chromium ]; then
      set -- "$@" "/etc/systemd/system/$unit"
    fi
  done
  systemd-analyze verify --man=no "$@"
  systemctl daemon-reload
  ls -d $prefix.*Z | head -n -2 | xargs --no-run-if-empty rm -rf
}

configure() { # the first configuration, and the place of the state as systemd makes it for a user of its own
  install -d -m 755 $configuration
  install -d -m 700 /var/lib/private /var/lib/private/registry-watch
  [ -e /var/lib/registry-watch ] || ln -s private/registry-watch /var/lib/registry-watch
  install -d -m 700 $configuration/credentials
  [ ! -e $configuration/watch.toml ] || return 0
  $prefix/bin/registry-watch init $configuration >/dev/null
  sed -i 's|^state = .*|state = "sqlite:////var/lib/registry-watch/state.db"|' $configuration/watch.toml
  chmod 644 $configuration/watch.toml $configuration/watch.schema.json
}

if [ "$(id -u)" != 0 ]; then
  echo "this needs root: sudo make ${1:-install}"
  exit 1
fi
case "${1:-}" in
release)
  release
  ;;
install)
  release
  configure
  cat <<TEXT

next: edit $configuration/watch.toml, and see that it is right:  registry-watch check-config
      secrets go into credentials, not into that file:             docs/operate.md
      start it, now and at every boot:                             systemctl enable --now registry-watch
      see how it fares:                                            systemctl status registry-watch
TEXT
  ;;
upgrade)
  release
  systemctl try-restart registry-watch.service 'registry-watch-worker@*.service' registry-watch-web.service
  echo "back to the release before, if need be: docs/operate.md"
  ;;
uninstall)
  systemctl stop registry-watch.service 'registry-watch-worker@*.service' registry-watch-once.timer \
    registry-watch-web.service registry-watch-browser.service || true
  systemctl disable $units || true # which takes no pattern, and of a template disables all instances
  for unit in $units; do rm -f "/etc/systemd/system/$unit"; done
  rm -f /usr/local/bin/registry-watch $share/man/man1/registry-watch.1 $share/bash-completion/completions/registry-watch \
    $share/zsh/site-functions/_registry-watch $share/fish/vendor_completions.d/registry-watch.fish
  systemctl daemon-reload
  rm -rf $prefix $prefix.*Z
  echo "kept: $configuration, and the state in /var/lib/private/registry-watch"
  ;;
*)
  echo "usage: $0 install|upgrade|release|uninstall"
  exit 2
  ;;
esac
