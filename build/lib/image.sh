# shellcheck shell=bash
# Container images without Docker: an archive that is an OCI layout and a `docker load` archive at once. The same files in
# give the same bytes out.
#
#   image_pack OUT NAME FOLDER CONFIG    FOLDER becomes the only layer; CONFIG is the JSON of the image's "config"

image_tar() { # OUT FOLDER: sorted, owned by root, dated 1970
  tar --create --file "$1" --directory "$2" --format=gnu --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner .
}

image_blob() { # LAYOUT FILE: moves the file to its place and prints its digest
  local digest
  digest=$(sha256sum "$2" | cut -d' ' -f1)
  mv "$2" "$1/blobs/sha256/$digest"
  echo "$digest"
}

image_size() { stat -c %s "$1/blobs/sha256/$2"; }

image_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

image_pack() {
  local out=$1 name=$2 folder=$3 config=$4 layout diff layer manifest configuration
  layout=$(mktemp -d)
  mkdir -p "$layout/blobs/sha256" "$(dirname "$out")"
  image_tar "$layout/layer" "$folder"
  diff=$(sha256sum "$layout/layer" | cut -d' ' -f1)
  gzip --no-name -6 "$layout/layer"
  layer=$(image_blob "$layout" "$layout/layer.gz")
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"build/package"}]}' \
    "$(image_architecture)" "$config" "$diff" >"$layout/config"
  configuration=$(image_blob "$layout" "$layout/config")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%s}]}' \
    "$configuration" "$(image_size "$layout" "$configuration")" "$layer" "$(image_size "$layout" "$layer")" >"$layout/manifest"
  manifest=$(image_blob "$layout" "$layout/manifest")
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
    "$manifest" "$(image_size "$layout" "$manifest")" "$name" "${name##*:}" >"$layout/index.json"
  printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  # For a Docker that does not know OCI layouts.
  printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":["blobs/sha256/%s"]}]' \
    "$configuration" "$name" "$layer" >"$layout/manifest.json"
  image_tar "$out.new" "$layout"
  mv -f "$out.new" "$out"
  rm -rf "$layout"
}

# image_libraries FOLDER FILE…: copies the shared objects that the files load, the loader included, to where they are on this machine.
image_libraries() {
  local folder=$1 library
  shift
  # Some load nothing.
  ldd "$@" | { grep -o '/[^ :]*\.so[^ :)]*' || true; } | sort -u | while read -r library; do
    [ -e "$folder$library" ] || install -D -m 755 "$(realpath "$library")" "$folder$library"
  done
}

# image_base FOLDER: what every program expects: certificates, a user without rights, a place for temporary files.
image_base() {
  local folder=$1 library
  mkdir -p "$folder"/{etc/ssl/certs,tmp,home/threeport,lib,lib64,usr}
  chmod 1777 "$folder/tmp"
  chmod 755 "$folder"
  install -m 644 /etc/ssl/certs/ca-certificates.crt "$folder/etc/ssl/certs/"
  printf 'root:x:0:0:root:/root:/nologin\nthreeport:x:65532:65532:threeport:/home/threeport:/nologin\n' >"$folder/etc/passwd"
  printf 'root:x:0:\nthreeport:x:65532:\n' >"$folder/etc/group"
  printf 'hosts: files dns\n' >"$folder/etc/nsswitch.conf"
  chmod 644 "$folder"/etc/{passwd,group,nsswitch.conf}
  # .NET loads OpenSSL by name when it first needs it.
  for library in libssl.so.3 libcrypto.so.3; do
    # To the end of the list: ldconfig would fail if nobody read it.
    library=$(ldconfig -p | awk -v n="$library" '$1 == n && !found++ { print $NF }')
    [ -n "$library" ] || { echo "OpenSSL 3 is not installed (package libssl3)" >&2; return 1; }
    install -D -m 755 "$(realpath "$library")" "$folder$library"
    image_libraries "$folder" "$library"
  done
}
