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
