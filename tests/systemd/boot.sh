#!/bin/bash
# Boots systemd as PID 1 of new namespaces, over an overlay of a root whose upper layer is in memory.
# The machine's own files, network, processes and mounts stay as they are. Needs root.
#
#   boot.sh FOLDER LEAF ROOT    FOLDER: an empty folder to mount on; LEAF: a name for its group in cgroup2, removed by
#                               unboot.sh; ROOT: / for this machine's own, or the folder of another one
#
# It does not return: it is the process to kill, and with it goes everything that it has started.
set -euo pipefail
folder=$1 leaf=$2 lower=$3
[ "${4:-}" = inside ] || exec unshare --mount --propagation private bash "$0" "$folder" "$leaf" "$lower" inside

# A cgroup2 of our own, and this shell in a leaf of it before its cgroup namespace is made: that leaf is systemd's root.
mkdir "$folder/cgroup" "$folder/machine"
mount -t cgroup2 none "$folder/cgroup"
mkdir "$folder/cgroup/$leaf"
echo $$ > "$folder/cgroup/$leaf/cgroup.procs"

exec unshare --fork --kill-child=SIGKILL --pid --mount --net --uts --ipc --cgroup bash -euc '
  machine=$0/machine root=$0/machine/root
  mount --make-rprivate /
  mount -t tmpfs -o size=2g tmpfs "$machine"
  mkdir "$machine"/{upper,work,root}
  mount -t overlay overlay -o lowerdir="$1",upperdir="$machine/upper",workdir="$machine/work" "$root"
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
  mount -t cgroup2 -o nosuid,nodev,noexec none "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
  for device in null zero full random urandom tty; do
    touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  ln -s /proc/self/fd "$root/dev/fd"
  tr -d - < /proc/sys/kernel/random/uuid > "$root/etc/machine-id"

  # A target of its own, or the services that this machine enables would start as well.
  units=$root/etc/systemd/system
  printf "[Unit]\nRequires=sysinit.target basic.target\nAfter=basic.target\nAllowIsolate=yes\n" > "$units/tests.target"
  ln -sf tests.target "$units/default.target"
  for unit in systemd-modules-load systemd-firstboot systemd-timesyncd systemd-udevd systemd-udev-trigger systemd-networkd systemd-logind e2scrub_reap; do
    ln -sf /dev/null "$units/$unit.service"
  done
  ip link set lo up

  cd "$root"
  mkdir .old; pivot_root . .old; umount -l /.old
  mount --make-rshared /   # systemd leaves this to whoever makes a container; without it LoadCredential= gives nothing
  exec env -i container=tests PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin /lib/systemd/systemd --system \
    --show-status=no --log-target=journal
' "$folder" "$lower"
