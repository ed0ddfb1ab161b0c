# shellcheck shell=bash
# The images of threeport and its agent, from the programs in artifacts/dist.

image_user='"User":"65532:65532","WorkingDir":"/home/threeport"'
image_environment='"Env":["PATH=/usr/local/bin","HOME=/home/threeport","SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt","DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"]'

# image_program NAME PROGRAM TAG [PORT/tcp]: artifacts/images/<name>-<tag>.tar, unless it is newer than the program.
image_program() {
  local name=$1 program=$2 tag=$3 ports='' out folder file
  [ -z "${4:-}" ] || ports=",\"ExposedPorts\":{\"$4\":{}}"
  out=$artifacts/images/$name-$tag.tar
  [ ! "$out" -nt "$dist/$program" ] || return 0
  folder=$(mktemp -d)
  image_base "$folder"
  install -D -m 755 "$dist/$program" "$folder/usr/local/bin/$program"
  # What lies beside the program and it reads: its settings.
  if [ "$program" = threeport ]; then
    for file in "$dist"/*.json; do install -m 644 "$file" "$folder/usr/local/bin/"; done
  fi
  image_libraries "$folder" "$dist/$program"
  find "$folder" -type d -exec chmod go+rx {} +
  image_pack "$out" "localhost/threeport/$name:$tag" "$folder" \
    "{$image_user,$image_environment$ports,\"Entrypoint\":[\"/usr/local/bin/$program\"]}"
  rm -rf "$folder"
}

# image_server NAME TAG ENTRYPOINT PORT/tcp FILES…: artifacts/images/<name>-<tag>.tar of programs of the distribution, for clusters
# that pull nothing. FILES are programs; what they load comes along. A function image_<name>_more adds what else it needs.
image_server() {
  local name=$1 tag=$2 entrypoint=$3 port=$4 out folder file
  shift 4
  out=$artifacts/images/$name-$tag.tar
  [ ! "$out" -nt "$1" ] || return 0
  folder=$(mktemp -d)
  image_base "$folder"
  for file in "$@"; do install -D -m 755 "$(realpath "$file")" "$folder$file"; done
  "image_${name}_more" "$folder"
  image_libraries "$folder" "$@"
  find "$folder" -type d -exec chmod go+rx {} +
  image_pack "$out" "localhost/threeport/$name:$tag" "$folder" \
    "{$image_user,$image_environment,\"ExposedPorts\":{\"$port\":{}},\"Entrypoint\":[\"$entrypoint\"]}"
  rm -rf "$folder"
}

image_nats_more() { :; }

# image_postgres_more FOLDER: what PostgreSQL reads besides its programs: its catalogue, the extensions that it always loads, time
# zones, and a shell, by which initdb starts it.
image_postgres_more() {
  local folder=$1 version=$postgres_version file
  for file in plpgsql dict_snowball libpqwalreceiver; do
    install -D -m 644 "/usr/lib/postgresql/$version/lib/$file.so" "$folder/usr/lib/postgresql/$version/lib/$file.so"
    image_libraries "$folder" "/usr/lib/postgresql/$version/lib/$file.so"
  done
  mkdir -p "$folder/usr/share/postgresql" "$folder/usr/share/zoneinfo/Etc" "$folder/bin" "$folder/var/lib/postgresql"
  cp -r --no-preserve=ownership "/usr/share/postgresql/$version" "$folder/usr/share/postgresql/"
  rm -rf "$folder/usr/share/postgresql/$version/man"
  # The samples are diverted to where the distribution keeps them.
  find -L "$folder/usr/share/postgresql" -type l -delete
  cp --dereference /usr/share/zoneinfo/UTC "$folder/usr/share/zoneinfo/UTC"
  cp --dereference /usr/share/zoneinfo/UTC "$folder/usr/share/zoneinfo/Etc/UTC"
  install -D -m 755 "$(realpath /bin/sh)" "$folder/bin/sh"
  image_libraries "$folder" "$(realpath /bin/sh)"
}

# image_servers TAG: PostgreSQL and NATS as this machine has them.
image_servers() {
  local tag=$1 bin program
  local -a programs=()
  postgres_version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -1)
  bin=/usr/lib/postgresql/$postgres_version/bin
  for program in postgres initdb pg_ctl pg_basebackup pg_rewind pg_isready pg_controldata pg_dump pg_restore psql; do
    programs+=("$bin/$program")
  done
  image_server postgres "$tag" "$bin/postgres" 5432/tcp "${programs[@]}"
  image_server nats "$tag" "$(command -v nats-server)" 4222/tcp "$(command -v nats-server)"
}
