# shellcheck shell=bash
# What build/up and build/down share: where its own few files are, and how it talks to what it started.

if [ "$(id -u)" = 0 ]; then
  state=${THREEPORT_STATE:-/var/lib/threeport-up}
  data=${THREEPORT_DATA:-/var/lib/threeport}
else
  state=${THREEPORT_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/threeport-up}
  data=${THREEPORT_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/threeport}
fi
listen=${THREEPORT_LISTEN:-https://127.0.0.1:8443}
runtime_file=$state/runtime
samples=$root/Threeport.Cli/samples

# Never another control plane that happens to be the current one.
qleetctl() { timeout 300 "$dist/qleetctl" --control-plane local "$@"; }

control_plane_answers() { [ -x "$dist/qleetctl" ] && qleetctl api GET /v0/kinds >/dev/null 2>&1; }

# One at a time, up or down.
lock_up() {
  mkdir -p "$state"
  chmod 700 "$state"
  exec 7>"$state/lock"
  flock -n 7 || { echo "Another build/up or build/down is at work." >&2; exit 1; }
}

# The processes that hold the lock of the data folder: the control plane, however it was started.
control_plane_pids() {
  local file
  for file in /proc/[0-9]*/fd/*; do
    [ "$file" -ef "$data/lock" ] 2>/dev/null || continue
    file=${file#/proc/}
    echo "${file%%/*}"
  done | sort -u
}

control_plane_gone() { [ ! -e "$data/lock" ] || [ -z "$(control_plane_pids)" ]; }

# status.<field> of a resource, as qleetctl prints it; a field of the same name in the spec comes before.
field() { # KIND NAME FIELD
  qleetctl get "$1" "$2" -o json | grep -o "\"$3\": *\"\\?[^\",}]*" | tail -1 | sed 's/.*: *"\?//'
}

field_is() { [ "$(field "$1" "$2" "$3")" = "$4" ]; }
