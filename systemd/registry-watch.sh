#!/bin/sh
# For the administrator of the service: `sudo registry-watch status`, with the service's configuration and credentials:
# while it runs as it was given them, else from their folder. `make install` puts this into /usr/local/bin.
given=/run/credentials/registry-watch.service
[ -d "$given" ] || given=/etc/registry-watch/credentials
export WATCH_CONFIG="${WATCH_CONFIG:-/etc/registry-watch/watch.toml}"
export CREDENTIALS_DIRECTORY="${CREDENTIALS_DIRECTORY:-$given}"
exec /opt/registry-watch/bin/registry-watch "$@"
