# shellcheck shell=bash
# Processes in the background, each with a file "<pid> <start time>": a pid alone is given to somebody else one day.

# The tick at which a process started; nothing when there is none.
process_started() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [ "$1" = Z ] || echo "${20}"
}

# The pid in a pid file, if that very process still runs.
process_alive() {
  local pid started
  read -r pid started 2>/dev/null <"$1" || return 1
  [ -n "$started" ] && [ "$(process_started "$pid")" = "$started" ] && echo "$pid"
}

# process_start NAME FOLDER COMMAND…: runs it in a session of its own, output in FOLDER/NAME.log; nothing when it already runs.
process_start() {
  local name=$1 folder=$2 pid
  shift 2
  process_alive "$folder/$name.pid" >/dev/null && return 0
  [ ! -e "$folder/$name.log" ] || mv -f "$folder/$name.log" "$folder/$name.log.1"
  # The locks and pipes of this shell are not the child's.
  setsid "$@" >"$folder/$name.log" 2>&1 </dev/null 3>&- 8>&- 9>&- &
  pid=$!
  disown "$pid"
  echo "$pid $(process_started "$pid")" >"$folder/$name.pid.new"
  mv -f "$folder/$name.pid.new" "$folder/$name.pid"
}

# process_stop SECONDS PIDFILE…: asks all of them at once, and kills those that do not go in time.
process_stop() {
  local seconds=$1 file pid
  shift
  for file in "$@"; do
    ! pid=$(process_alive "$file") || kill "$pid" 2>/dev/null || true
  done
  if ! eventually "$seconds" processes_gone "$@"; then
    for file in "$@"; do
      ! pid=$(process_alive "$file") || kill -9 "$pid" 2>/dev/null || true
    done
    eventually 5 processes_gone "$@"
  fi
  rm -f "$@"
}

processes_gone() {
  local file
  for file in "$@"; do
    ! process_alive "$file" >/dev/null || return 1
  done
}
