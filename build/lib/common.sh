# shellcheck shell=bash
# What every script under build/ starts with: where things are, and how to become root for the few that need it.
set -euo pipefail
shopt -s inherit_errexit nullglob

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lib=$root/build/lib
artifacts=$root/artifacts
dist=$artifacts/dist
# What is built says that it is this version. Another than that of the sources is for trying an upgrade.
version=${THREEPORT_VERSION:-$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")}

# Caches outlive the checkout. The one of root is shared by `sudo build/up` and `build/up` as root.
if [ "$(id -u)" = 0 ]; then
  cache=${THREEPORT_CACHE:-/var/cache/threeport}
else
  cache=${THREEPORT_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/threeport}
fi
export THREEPORT_CACHE=$cache

# A daemon's PATH often lacks the folders where Debian puts servers.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -E "$@"
  else
    echo "$1 needs root, and there is no sudo here: run this as root" >&2
    return 1
  fi
}

# have NAME: a program of that name is on the PATH.
have() { command -v "$1" >/dev/null 2>&1; }

# eventually SECONDS COMMAND…: repeats COMMAND until it succeeds; fails with its last status when the time is over.
eventually() {
  local deadline=$((SECONDS + $1)) status
  shift
  until "$@"; do
    status=$?
    ((SECONDS < deadline)) || return "$status"
    sleep 0.2
  done
}
