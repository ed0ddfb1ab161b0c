# shellcheck shell=bash
# What Threeport needs on a Debian machine, checked file by file, installed only where something is missing.

declare -a missing=()

# needs TEST… -- PACKAGE…: when the test fails, the packages are to be installed.
needs() {
  local -a test=()
  while [ "$1" != -- ]; do
    test+=("$1")
    shift
  done
  shift
  "${test[@]}" >/dev/null 2>&1 || missing+=("$@")
}

postgres_there() { compgen -G '/usr/lib/postgresql/*/bin/postgres' || have postgres; }
compiler_there() { have gcc || have clang; }

need_dotnet() {
  local sdk
  if ! have dotnet || ! sdk=$(cd "$root" && dotnet --version 2>&1); then
    advice "Install the .NET SDK 10 and put dotnet on the PATH: https://dotnet.microsoft.com/download/dotnet/10.0"
    echo "dotnet --version: ${sdk:-dotnet is not on the PATH}"
    return 1
  fi
}

# What the control plane runs on, and what compiling ahead of time links with.
need_control_plane() {
  needs postgres_there -- postgresql-15
  needs have nats-server -- nats-server
  needs compiler_there -- gcc libc6-dev
  needs test -e /usr/include/zlib.h -- zlib1g-dev
  needs test -e /etc/ssl/certs/ca-certificates.crt -- ca-certificates
  needs have openssl -- openssl libssl3
}

# What the image of PostgreSQL is made of beside it.
need_images() {
  needs test -x /usr/bin/patroni -- patroni
  needs test -e /usr/lib/python3/dist-packages/psycopg2/__init__.py -- python3-psycopg2
}

# What is not ours and tests what is: a client of AWS for the imitation of it, and the models of the services for our clients.
need_aws() {
  needs test -e /usr/lib/python3/dist-packages/awscli/clidriver.py -- awscli
  needs test -e /usr/lib/python3/dist-packages/awscli/botocore/data/eks/2017-11-01/service-2.json -- awscli
}

# What a cluster of plain processes needs beside Kubernetes itself.
need_cluster() {
  needs have etcd -- etcd-server
  needs have containerd -- containerd
  needs have runc -- runc
  needs test -x /usr/lib/cni/bridge -- containernetworking-plugins
  needs have iptables -- iptables
  needs have conntrack -- conntrack
  needs have ip -- iproute2
  needs have ethtool -- ethtool
  needs have socat -- socat
  needs have mount -- mount
  needs test -x /bin/busybox -- busybox-static
  needs have openssl -- openssl
}

# What building Kubernetes from source needs.
need_kubernetes_build() {
  needs test -x /usr/lib/go-1.19/bin/go -- golang-1.19-go
  needs test -d /usr/share/gocode/src/github.com/modern-go/reflect2 -- golang-github-modern-go-reflect2-dev
  needs have rsync -- rsync
  needs have make -- make
  needs have gcc -- gcc libc6-dev
  needs have dpkg-source -- dpkg-dev
}

# Installs what is in `missing`, or says what would have to be.
install_missing() {
  ((${#missing[@]})) || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  tried "to install with apt-get: ${missing[*]}"
  if ! have apt-get; then
    advice "This machine has no apt-get. Install what these Debian packages hold: ${missing[*]}"
    return 1
  fi
  advice "Read the output of apt-get above; a package source must offer these packages (Debian 12 does)."
  keep_services_off
  local -a apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install --no-install-recommends "${missing[@]}"
}

# The control plane starts its own PostgreSQL, NATS and etcd; the ones that the packages would start are not wanted.
keep_services_off() {
  local unit
  if [[ " ${missing[*]} " = *" postgresql-15 "* ]] && [ ! -e /etc/postgresql-common/createcluster.d/threeport.conf ]; then
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/threeport.conf >/dev/null
  fi
  [ -d /run/systemd/system ] || return 0
  for unit in nats-server etcd-server:etcd patroni; do
    [[ " ${missing[*]} " != *" ${unit%%:*} "* ]] || as_root systemctl mask --quiet "${unit##*:}.service"
  done
}

# postgresql 15, nats-server 2.9.10, …: what is there.
prerequisites_summary() {
  local postgres
  postgres=$(postgres_there | sort -V | tail -1)
  printf 'postgresql %s, nats-server %s' \
    "$("$postgres" --version | sed 's/.* \([0-9]*\)\..*/\1/')" "$(nats-server --version | sed 's/.*v//')"
}
