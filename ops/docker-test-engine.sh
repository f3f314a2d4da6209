#!/usr/bin/env bash
# A private container engine for the tests that need one, and the small images they use. No registry is asked, nothing of
# the host's network is changed, and all of it lives in one folder.
#   ops/docker-test-engine.sh start FOLDER   installs what is missing, starts, builds the images, prints the variable to set
#   ops/docker-test-engine.sh stop FOLDER    ends the engine it started there and removes the folder
# Needs root on Debian or Ubuntu.
set -eu

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -eq 2 ] || usage
folder=$(mkdir -p -- "$2" && cd -- "$2" && pwd)
socket=$folder/docker.sock
export DOCKER_HOST=unix://$socket DOCKER_BUILDKIT=0

# Ends one process that wrote its id into a file, and waits for its end: at most twenty seconds, then for good.
end() {
  local pid i
  [ -r "$1" ] || return 0
  pid=$(cat "$1")
  kill "$pid" 2>/dev/null || return 0
  for i in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  local left
  if [ -S "$socket" ]; then
    left=$(timeout 20 docker ps -aq 2>/dev/null || true)
    # shellcheck disable=SC2086
    [ -z "$left" ] || timeout 60 docker rm -f $left >/dev/null 2>&1 || true
  fi
  end "$folder/pid"
  # The engine leaves its container supervisor running when it was killed.
  end "$folder/exec/containerd/containerd.pid"
  for mount in $(awk -v d="$folder/" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r); do umount -l "$mount" || true; done
  rm -rf -- "$folder"
  # The groups it kept its containers in, when no other engine uses them.
  rmdir /sys/fs/cgroup/*/docker /sys/fs/cgroup/docker 2>/dev/null || true
}

install() {
  local missing='' each
  command -v dockerd >/dev/null || missing="$missing docker.io iptables"
  [ -x /bin/busybox ] || missing="$missing busybox-static"
  [ -x /usr/bin/catatonit ] || missing="$missing catatonit"
  command -v musl-gcc >/dev/null || missing="$missing musl-tools"
  [ -n "$missing" ] || return 0
  echo "installing:$missing" >&2
  # Packages must not start an engine of their own.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    each=made
  fi
  apt-get update -q >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
  [ "${each:-}" != made ] || rm -f /usr/sbin/policy-rc.d
}

build() {
  timeout 120 docker build -q --network none -t "$1" "$2" >/dev/null
  echo "image $1" >&2
}

images() {
  local at=$folder/images
  mkdir -p "$at/tools" "$at/bare" "$at/musl"
  cp /bin/busybox "$at/tools/"
  cat > "$at/tools/Dockerfile" <<'D'
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -p /etc /tmp /app && echo 'root:x:0:0:root:/root:/bin/sh' > /etc/passwd && echo 'builder:x:1000:1000::/home:/bin/sh' >> /etc/passwd && echo here > /app/file
ENV FROM_IMAGE=yes
D
  build local/tools:1 "$at/tools"
  # A shell and what it needs to wait, and nothing else: no users, no /etc, no libraries.
  cp /bin/busybox "$at/bare/sh"
  cp /bin/busybox "$at/bare/sleep"
  cp /bin/busybox "$at/bare/cat"
  printf 'FROM scratch\nCOPY sh sleep cat /bin/\n' > "$at/bare/Dockerfile"
  build local/bare:1 "$at/bare"
  # Another C library than the host's.
  printf '#include <stdio.h>\nint main(void) { puts("hello from musl"); return 0; }\n' > "$at/musl/hello.c"
  musl-gcc -O1 -o "$at/musl/hello" "$at/musl/hello.c"
  cp "$(readlink -f /lib/ld-musl-*.so.1)" "$at/musl/loader"
  cp /bin/busybox "$at/musl/sh"
  cp /bin/busybox "$at/musl/sleep"
  printf 'FROM scratch\nCOPY sh sleep /bin/\nCOPY hello /bin/hello\nCOPY loader /lib/%s\n' "$(basename /lib/ld-musl-*.so.1)" > "$at/musl/Dockerfile"
  build local/musl:1 "$at/musl"
}

start() {
  local i
  install
  rm -f "$folder/pid"
  # With no network of its own it leaves the host's forwarding and packet filter alone.
  dockerd --live-restore --bridge=none --iptables=false --ip-forward=false --data-root "$folder/data" --exec-root "$folder/exec" \
    --pidfile "$folder/pid" -H "unix://$socket" >"$folder/log" 2>&1 &
  for i in $(seq 100); do
    if timeout 5 docker version >/dev/null 2>&1; then break; fi
    if [ "$i" = 100 ]; then echo "error: the engine did not start; see $folder/log" >&2; exit 1; fi
    sleep 0.2
  done
  images
  echo "OPENSHELL_TEST_DOCKER=unix://$socket"
}

case $1 in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
