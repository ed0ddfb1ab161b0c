# shellcheck shell=bash
# The images of threeport and its agent, from the programs in artifacts/dist.

image_user='"User":"65532:65532","WorkingDir":"/home/threeport"'
image_environment='"Env":["PATH=/usr/local/bin","HOME=/home/threeport","SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt","DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"]'

# image_is_newer IMAGE PROGRAM: than the program, and than what packs it.
image_is_newer() { [ "$1" -nt "$2" ] && [ "$1" -nt "$lib/images.sh" ] && [ "$1" -nt "$lib/image.sh" ]; }

# image_program NAME PROGRAM TAG [PORT/tcp]: artifacts/images/<name>-<tag>.tar, unless it is newer than the program.
image_program() {
  local name=$1 program=$2 tag=$3 ports='' out folder file
  [ -z "${4:-}" ] || ports=",\"ExposedPorts\":{\"$4\":{}}"
  out=$artifacts/images/$name-$tag.tar
  image_is_newer "$out" "$dist/$program" && return 0
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
# that pull nothing. FILES are programs, FILE=PLACE when they have another place in the image; what they load comes along. A function
# image_<name>_more adds what else it needs.
image_server() {
  local name=$1 tag=$2 entrypoint=$3 port=$4 out folder file
  shift 4
  out=$artifacts/images/$name-$tag.tar
  image_is_newer "$out" "${1%%=*}" && return 0
  folder=$(mktemp -d)
  image_base "$folder"
  for file in "$@"; do install -D -m 755 "$(realpath "${file%%=*}")" "$folder${file##*=}"; done
  "image_${name}_more" "$folder"
  image_libraries "$folder" "${@%%=*}"
  find "$folder" -type d -exec chmod go+rx {} +
  image_pack "$out" "localhost/threeport/$name:$tag" "$folder" \
    "{$image_user,$image_environment,\"ExposedPorts\":{\"$port\":{}},\"Entrypoint\":[\"$entrypoint\"]}"
  rm -rf "$folder"
}

image_nats_more() { :; }

# What Patroni, which supervises PostgreSQL and moves the primary when it fails, is made of.
patroni_packages=(patroni python3-psycopg2 python3-yaml python3-urllib3 python3-dateutil python3-click python3-prettytable
  python3-wcwidth python3-psutil python3-six python3-cdiff python3-colorama python3.11-minimal libpython3.11-minimal
  libpython3.11-stdlib)

# image_postgres_more FOLDER: what PostgreSQL reads besides its programs: its catalogue, the extensions that it always loads, time
# zones, and a shell, by which initdb starts it; and Patroni.
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
  # By one name whatever the version.
  mkdir -p "$folder/usr/local/bin"
  for file in "$folder/usr/lib/postgresql/$version/bin"/*; do ln -s "${file#"$folder"}" "$folder/usr/local/bin/"; done
  image_packages "$folder" "${patroni_packages[@]}"
  image_libraries "$folder" /usr/bin/python3.11
  ln -sf python3.11 "$folder/usr/bin/python3"
}

# image_packages FOLDER PACKAGE…: the files of installed packages, but for what only people read.
image_packages() {
  local folder=$1 file
  local -a libraries
  shift
  dpkg -L "$@" | sort -u | grep '^/usr/\(bin\|lib\)/' | grep -v '/__pycache__/\|/idlelib/\|/lib2to3/\|/pydoc_data/\|/unittest/test' |
    while read -r file; do if [ -f "$file" ] || [ -L "$file" ]; then echo "$file"; fi; done |
    tar --create --no-recursion --files-from=- 2>/dev/null | tar --extract --directory "$folder"
  dpkg -L "$@" | { grep '\.so\(\.\|$\)' || true; } | while read -r file; do [ ! -f "$file" ] || echo "$file"; done >"$folder/libraries"
  mapfile -t libraries <"$folder/libraries"
  rm "$folder/libraries"
  image_libraries "$folder" "${libraries[@]}"
}

# image_servers TAG: PostgreSQL as this machine has it, and NATS as three of them need it.
image_servers() {
  local tag=$1 bin program nats
  local -a programs=()
  postgres_version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -1)
  bin=/usr/lib/postgresql/$postgres_version/bin
  for program in postgres initdb pg_ctl pg_basebackup pg_rewind pg_isready pg_controldata pg_dump pg_restore psql; do
    programs+=("$bin/$program")
  done
  image_server postgres "$tag" /usr/bin/patroni 5432/tcp "${programs[@]}"
  nats=$(nats_of_images)
  image_server nats "$tag" /usr/sbin/nats-server 4222/tcp "$nats=/usr/sbin/nats-server"
}

# image_broken TAG VERSION: a release that says which version it is, migrates nothing, and ends at once when it is to serve: to try what
# becomes of who moves to it.
image_broken() {
  local name folder
  folder=$(mktemp -d)
  image_base "$folder"
  install -D -m 755 "$(realpath /bin/sh)" "$folder/bin/sh"
  image_libraries "$folder" "$(realpath /bin/sh)"
  mkdir -p "$folder/usr/local/bin"
  cat >"$folder/usr/local/bin/threeport" <<EOF
case "\$*" in
  --version) echo "threeport $2" ;;
  *migration*) ;;
  *) exit 1 ;;
esac
EOF
  find "$folder" -type d -exec chmod go+rx {} +
  chmod 755 "$folder/usr/local/bin/threeport"
  for name in host agent postgres nats; do
    image_pack "$artifacts/images/$name-$1.tar" "localhost/threeport/$name:$1" "$folder" \
      "{$image_user,$image_environment,\"Entrypoint\":[\"/bin/sh\",\"/usr/local/bin/threeport\"]}"
  done
  rm -rf "$folder"
}
