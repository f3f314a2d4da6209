#!/usr/bin/env bash
# A private container engine for the tests that need one, and the small images they use. No registry is asked, nothing of
# the host's packet filter is changed, and all of it lives in one folder.
#   ops/docker-test-engine.sh start FOLDER   installs what is missing, starts, builds the images, prints the variables to set
#   ops/docker-test-engine.sh kafka FOLDER JAVA CLASSPATH   builds an image of a broker from a Java and jars of this machine
#   ops/docker-test-engine.sh halt FOLDER    ends the engine and leaves its containers running, as a broken engine does
#   ops/docker-test-engine.sh resume FOLDER  starts it again
#   ops/docker-test-engine.sh stop FOLDER    ends the engine it started there and removes the folder
# Needs root on Debian or Ubuntu.
set -eu

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
command=$1
folder=$(mkdir -p -- "$2" && cd -- "$2" && pwd)
shift 2
socket=$folder/docker.sock
export DOCKER_HOST=unix://$socket DOCKER_BUILDKIT=0
# A bridge and a network of its own, so that several engines get along with each other and with the host's.
number=$(printf %s "$folder" | cksum | cut -d ' ' -f 1)
bridge=ostest$((number % 100000))
network=10.$((64 + number / 256 % 64)).$((number % 256))

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
  local left mount
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
  ip link delete "$bridge" 2>/dev/null || true
  # The groups it kept its containers in, when no other engine uses them.
  rmdir /sys/fs/cgroup/*/docker /sys/fs/cgroup/docker 2>/dev/null || true
}

install() {
  local missing='' each
  command -v dockerd >/dev/null || missing="$missing docker.io iptables"
  command -v docker >/dev/null || missing="$missing docker.io"
  command -v ip >/dev/null || missing="$missing iproute2"
  [ -x /bin/busybox ] || missing="$missing busybox-static"
  [ -x /usr/bin/catatonit ] || missing="$missing catatonit"
  [ -x /usr/bin/python3 ] || missing="$missing python3"
  [ -x /usr/bin/git ] || missing="$missing git"
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
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 || each="${each:-} failed"
  case ${each:-} in *made*) rm -f /usr/sbin/policy-rc.d ;; esac
  case ${each:-} in *failed*) echo "error: not everything could be installed:$missing" >&2; exit 1 ;; esac
}

build() {
  timeout 180 docker build -q --network none -t "$1" "$2" >/dev/null 2>"$folder/build.log" || { cat "$folder/build.log" >&2; exit 1; }
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
  distribution "$at/distribution"
}

# This machine's own distribution, from the files of its installed packages, with the files that the catalogue of escapes tries.
distribution() {
  local at=$1
  mkdir -p "$at/fx/ro" "$at/fx/secret" "$at/tmp" "$at/proc" "$at/dev" "$at/sys" "$at/run"
  printf ro > "$at/fx/ro/f"
  printf secret > "$at/fx/secret/f"
  cp "$(command -v id)" "$at/fx/ro/id"
  chmod 4755 "$at/fx/ro/id"
  chmod a+rwx "$at/fx/ro" "$at/fx/secret"
  chmod a+rw "$at/fx/ro/f" "$at/fx/secret/f"
  for each in bin sbin lib lib32 lib64 libx32; do
    [ ! -L "/$each" ] || ln -sfn "usr/$each" "$at/$each"
  done
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
      base-files bash bsdutils coreutils dash git grep hostname python3 util-linux | grep '^[a-z0-9]' | grep -v perl | sort -u \
      | xargs dpkg-query -L 2>/dev/null | sed -nE 's#^/(bin|sbin|lib|lib32|lib64|libx32)/#/usr/\1/#; s#^/(usr|etc)/#\1/#p' \
      | grep -vE '^usr/share/(doc|man|locale|info|perl|lintian|bug)|/perl' | sort -u \
      | while read -r each; do if [ -L "/$each" ] || [ -f "/$each" ]; then echo "$each"; fi; done > "$at.list"
  tar -cf - -C / --no-recursion -T "$at.list" -C "$at" --recursion . | timeout 180 docker import - local/distribution:1 >/dev/null
  echo "image local/distribution:1" >&2
}

# What the published image of a broker does with its settings is in the broker's own jars.
kafka() {
  local java=$1 at each
  at=$(mktemp -d "$folder/images/kafka.XXXXXX")
  mkdir -p "$at/libs" "$at/conf"
  cp -a "$java/" "$at/java"
  rm -rf "$at/java/jmods" "$at/java/lib/src.zip" "$at/java/include" "$at/java/man"
  for each in $(printf %s "$2" | tr : ' '); do
    case $each in
      */target/*) ;; # the product is on the other side
      *.jar) cp "$each" "$at/libs/" ;;
    esac
  done
  : > "$at/conf/server.properties"
  printf 'Configuration: {Appenders: {}, Loggers: {Root: {level: INFO}, Logger: []}}\n' > "$at/conf/log4j2.yaml"
  cp "$at/conf/log4j2.yaml" "$at/conf/tools-log4j2.yaml"
  cat > "$at/run" <<'R'
#!/bin/bash
set -ef
mkdir -p /tmp/conf
classes='/opt/kafka/libs/*'
java=/opt/java/bin/java
$java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classes" kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker \
  --mounted-configs-dir /mnt/shared/config --final-configs-dir /tmp/conf
exec $java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.logFile=System.out \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=info -cp "$classes" kafka.Kafka /tmp/conf/server.properties
R
  chmod +x "$at/run"
  cat > "$at/Dockerfile" <<'D'
FROM local/distribution:1
COPY java /opt/java
COPY libs /opt/kafka/libs
COPY conf /etc/kafka/docker
COPY run /etc/kafka/docker/run
RUN mkdir -p /mnt/shared/config /opt/kafka/config /opt/kafka/logs
D
  build local/kafka:1 "$at"
  rm -rf "$at"
}

run() {
  local i
  rm -f "$folder/pid"
  # Ports are published by a process of the engine: the host's forwarding and packet filter are left alone.
  dockerd --live-restore --bridge="$bridge" --iptables=false --ip-masq=false --ip-forward=false --data-root "$folder/data" \
    --exec-root "$folder/exec" --pidfile "$folder/pid" -H "unix://$socket" >>"$folder/log" 2>&1 &
  for i in $(seq 100); do
    if timeout 5 docker version >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  tail -5 "$folder/log" >&2
  echo "error: the engine did not start; see $folder/log" >&2
  exit 1
}

start() {
  install
  ip link add "$bridge" type bridge 2>/dev/null || true
  ip address replace "$network.1/24" dev "$bridge"
  ip link set "$bridge" up
  run
  images
  echo "OPENSHELL_TEST_DOCKER=unix://$socket"
  # Testcontainers: where the engine is and where its ports are; no helper containers, whose images a registry would have.
  echo "DOCKER_HOST=unix://$socket"
  echo "TESTCONTAINERS_RYUK_DISABLED=true"
  echo "TESTCONTAINERS_HOST_OVERRIDE=localhost"
  echo "TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE=local/tools:1"
}

case $command in
  start) [ $# -eq 0 ] || usage; start ;;
  kafka) [ $# -eq 2 ] || usage; kafka "$@" ;;
  halt) [ $# -eq 0 ] || usage; end "$folder/pid"; rm -f "$socket" ;;
  resume) [ $# -eq 0 ] || usage; run ;;
  stop) [ $# -eq 0 ] || usage; stop ;;
  *) usage ;;
esac
