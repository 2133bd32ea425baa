# A bare Debian of the release `suite`, with systemd as its first process and a loopback of its own. Sourced after
# tests/scripts/lib.sh, by root.
# shellcheck shell=bash
machine=$work/machine booted=''

# The machine's own settings of apt, resolver and certificates are the network's, and hold there too.
make_machine() {
  debootstrap --variant=minbase --include=systemd,systemd-sysv,ca-certificates "$suite" "$machine" >"$work/debootstrap.log" 2>&1 ||
    { tail -n 15 "$work/debootstrap.log"; return 1; }
  cp /etc/resolv.conf /etc/hosts "$machine/etc/"
  cp /etc/apt/apt.conf.d/* "$machine/etc/apt/apt.conf.d/"
  cp -r /usr/local/share/ca-certificates "$machine/usr/local/share/"
  before_boot sh -c 'update-ca-certificates && apt-get -q update' >/dev/null
}

clean=(env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin)
# Commands there, while it is off and has the network of here; and while it runs.
before_boot() { unshare --mount --pid --fork --mount-proc="$machine/proc" "${clean[@]}" chroot "$machine" "$@"; }
inside() { nsenter -t "$booted" --mount --pid --net --uts --ipc --cgroup --root --wd "${clean[@]}" "$@"; }
# A command of here, with what it has of a network.
beside() { nsenter -t "$booted" --net "$@"; }

boot_machine() {
  unshare --fork --kill-child --pid --mount --cgroup --uts --ipc --net --propagation private bash -ec '
    mount --bind "$1" "$1" && cd "$1"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs tmpfs run
    mount -t tmpfs -o mode=755 tmpfs dev
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    for device in null zero full random urandom tty; do
      touch "dev/$device"
      mount --bind "/dev/$device" "dev/$device"
    done
    ip link set lo up
    # No chroot: the kernel lets nobody make user namespaces in one, as units do that have PrivateUsers.
    mkdir -p .old
    pivot_root . .old
    cd /
    umount -l .old
    exec env -i container=exitbus PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd' bash "$machine" \
    >"$work/boot.log" 2>&1 &
  unshared=$!
  for _ in {1..300}; do
    booted=$(pgrep -P "$unshared" || true)
    [[ $booted ]] && inside systemctl -q is-active basic.target 2>/dev/null && return
    sleep 0.2
  done
  cat "$work/boot.log"
  return 1
}

# Its first process ends, and with it all in its namespace.
end_machine() {
  [[ ! $booted ]] || kill -KILL "$booted" 2>/dev/null
  wait "${unshared:-}" 2>/dev/null
  rm -rf --one-file-system "$work"
}
