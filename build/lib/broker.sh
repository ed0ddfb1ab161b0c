# shellcheck shell=bash
# The nats-server of the images: three of them need a newer one than Debian 12 has.

# nats_of_images: the path of the program. 2.9.10, when it was cut off from the other two and is back, does not find into its stream again:
# it says "last sequence mismatch" without end, and who asks it is told of nothing. Debian 13's runs on Debian 12 and is kept in the cache;
# where it cannot be had, the images get the one that this machine has.
nats_of_images() {
  local own kept=$cache/nats/nats-server
  own=$(command -v nats-server)
  if nats_is_new "$own"; then
    echo "$own"
  elif [ -x "$kept" ] || nats_fetch "$kept" >&2; then
    echo "$kept"
  else
    echo "Debian 13's nats-server could not be had: the images get $own" >&2
    echo "$own"
  fi
}

nats_is_new() { dpkg --compare-versions "$(nats_version "$1")" ge 2.10; }

nats_version() { "$1" --version | sed 's/.*v//'; }

# nats_fetch FILE: whole or not at all.
nats_fetch() {
  local work repository status=0
  local -a apt
  repository=$(debian_repository)
  [ -n "$repository" ] || return 1
  work=$(mktemp -d)
  private_apt "$work" "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $repository trixie main"
  { "${apt[@]}" update && (cd "$work" && "${apt[@]}" download nats-server) && dpkg-deb -x "$work"/nats-server_*.deb "$work/files" &&
    nats_is_new "$work/files/usr/sbin/nats-server" && mkdir -p "${1%/*}" &&
    install -m 755 "$work/files/usr/sbin/nats-server" "$1.$$" && mv "$1.$$" "$1"; } || status=1
  rm -rf "$work"
  return "$status"
}
