#!/bin/bash
# Removes the group in cgroup2 that boot.sh made: unboot.sh FOLDER LEAF, after what boot.sh started was killed.
set -euo pipefail
folder=$1 leaf=$2
[ "${3:-}" = inside ] || exec unshare --mount --propagation private bash "$0" "$folder" "$leaf" inside
mount -t cgroup2 none "$folder/cgroup"
for _ in $(seq 50); do
  find "$folder/cgroup/$leaf" -depth -type d -exec rmdir {} + 2>/dev/null && exit 0
  sleep 0.1
done
exit 1
