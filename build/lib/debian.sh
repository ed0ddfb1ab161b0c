# shellcheck shell=bash
# Packages and sources that no configured list has, from where this machine's Debian packages come from. Nothing is configured for it:
# only a private list names them, and apt checks their signatures.

# debian_repository: its address; nothing when this machine's packages are not Debian 12's.
debian_repository() {
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' | awk '$2 == "bookworm" && $3 == "main" && !found++ { print $1 }'
}

# private_apt FOLDER LIST: makes the array "apt", an apt-get that knows of that list alone and keeps what it reads in FOLDER.
private_apt() {
  mkdir -p "$1/lists/partial"
  echo "$2" >"$1/sources.list"
  apt=(apt-get -q -o Acquire::Retries=3 -o APT::Sandbox::User=root -o "Dir::State::lists=$1/lists"
    -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::Cache::pkgcache=$1/pkgcache.bin" -o "Dir::Cache::srcpkgcache=$1/srcpkgcache.bin" -o "Debug::NoLocking=1")
}
