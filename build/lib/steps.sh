# shellcheck shell=bash
# Steps: one line each, ✓ name, what came of it, how long it took. A step that fails says what was tried, what came back,
# and what to do next.
#
#   resume="build/up"                 the command to continue
#   step "Prerequisites" install_all  runs the function in a subshell, its output in a log
#
# Inside the function: tried "text" before each thing that can fail, result "text" for the line, advice "text" for a failure.

resume=${resume:-$0 $*}
step_logs=${step_logs:-$artifacts/logs}

tried() { echo "$*" >"$step_notes/tried"; echo "== $*"; }
result() { echo "$*" >"$step_notes/result"; }
advice() { echo "$*" >"$step_notes/advice"; }

on_terminal() { [ -t 1 ]; }

# 4m12s, 41s, 1.9s
step_time() {
  local ms=$((($(date +%s%N) - $1) / 1000000))
  if ((ms >= 60000)); then
    printf '%dm%02ds' $((ms / 60000)) $((ms / 1000 % 60))
  elif ((ms >= 10000)); then
    printf '%ds' $((ms / 1000))
  else
    printf '%d.%ds' $((ms / 1000)) $((ms / 100 % 10))
  fi
}

# What runs in the background on a terminal while a step works: the name, what is being tried, the time so far.
step_progress() {
  local name=$1 began=$2 text
  while sleep 0.5; do
    text=$(cat "$step_notes/tried" 2>/dev/null || true)
    printf '\r\033[K… %-20s %.70s %s' "$name" "$text" "$(step_time "$began")"
  done
}

step() {
  local name=$1 began log status=0 progress=
  shift
  began=$(date +%s%N)
  mkdir -p "$step_logs"
  log=$step_logs/$(tr 'A-Z ' 'a-z-' <<<"$name").log
  step_notes=$(mktemp -d)
  if on_terminal; then
    step_progress "$name" "$began" &
    progress=$!
  fi
  # Not `if ("$@")`: there, errexit would be off inside. A caller's lock (7) is not for what outlives the step.
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null 7>&-
  status=$?
  set -e
  if [ -n "$progress" ]; then
    kill "$progress" 2>/dev/null || true
    wait "$progress" 2>/dev/null || true
    printf '\r\033[K'
  fi
  if [ "$status" = 0 ]; then
    step_line '✓' 32 "$name" "$(cat "$step_notes/result" 2>/dev/null || true)" "$(step_time "$began")"
    rm -rf "$step_notes"
    return 0
  fi
  step_line '✗' 31 "$name" "failed" "$(step_time "$began")"
  step_failure "$log" >&2
  rm -rf "$step_notes"
  exit "$status"
}

step_line() {
  if on_terminal; then
    printf '\033[%sm%s\033[0m %-20s %-72s %6s\n' "$2" "$1" "$3" "$4" "$5"
  else
    printf '%s %-20s %s (%s)\n' "$1" "$3" "$4" "$5"
  fi
}

step_failure() {
  local log=$1
  printf '\n  Tried     %s\n  Got\n' "$(cat "$step_notes/tried" 2>/dev/null || echo "to start")"
  grep -v '^== ' "$log" | grep -v '^[[:space:]]*$' | tail -15 | sed 's/^/            /'
  printf '  Log       %s\n' "$log"
  [ ! -s "$step_notes/advice" ] || sed '1s/^/  Next      /; 2,$s/^/            /' "$step_notes/advice"
  printf '  Continue  %s\n' "$resume"
}
