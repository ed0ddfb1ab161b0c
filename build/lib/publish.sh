# shellcheck shell=bash
# The programs, ready to run, in artifacts/dist: threeport (one file with its .NET), qleetctl and threeport-agent (compiled
# ahead of time). Built anew only when something that they are made of changed.

case $(uname -m) in
  x86_64) runtime_id=linux-x64 ;;
  aarch64) runtime_id=linux-arm64 ;;
  *)
    echo "Threeport is built for x86_64 and aarch64, and this is $(uname -m)." >&2
    exit 1
    ;;
esac

# One hash over names and contents of everything that goes into the programs.
sources_hash() {
  (
    cd "$root"
    find Threeport.* Directory.Build.props Directory.Packages.props global.json .editorconfig ./*.txt build/lib/publish.sh \
      -type f ! -path '*/bin/*' ! -path '*/obj/*' ! -path '*/samples/*' -print0 |
      sort -z | xargs -0 sha256sum
    dotnet --version
    echo "$version"
  ) | sha256sum | cut -d' ' -f1
}

publish_all() {
  local hash
  mkdir -p "$artifacts"
  exec 8>"$artifacts/publish.lock"
  flock -w 900 8 || { echo "Another publish has been at work for 15 minutes." >&2; return 1; }
  hash=$(sources_hash)
  if [ "$(cat "$dist/.sources" 2>/dev/null)" = "$hash" ]; then
    echo "Nothing changed."
    exec 8>&-
    return 0
  fi
  publish_one Threeport.Host --self-contained true -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false
  publish_one Threeport.Cli
  publish_one Threeport.Agent
  echo "$hash" >"$dist/.sources"
  exec 8>&-
}

# Into a folder of its own first: a program that runs keeps its file, and a failure leaves what was there.
publish_one() {
  local project=$1 out=$artifacts/staging/$1 file
  shift
  tried "dotnet publish $project ($runtime_id)"
  rm -rf "$out"
  dotnet publish "$root/$project" -c Release -r "$runtime_id" -o "$out" -p:Version="$version" -v quiet --nologo "$@" 8>&-
  mkdir -p "$dist"
  rm -f "$dist/.sources"
  for file in "$out"/*; do
    case $file in
      *.pdb | *.dbg | *.xml | *.staticwebassets.endpoints.json) ;;
      *) mv -f "$file" "$dist/" ;;
    esac
  done
  rm -rf "$out"
}
