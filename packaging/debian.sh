#!/usr/bin/env bash
# Fetches from Debian's archive without touching this machine's apt:
#   debian.sh version source|package NAME CACHE   prints the newest version; CACHE/apt keeps the index for a day
#   debian.sh source NAME VERSION FOLDER          FOLDER/NAME-…/, Debian's patches applied, and FOLDER/checksums.sha256
#   debian.sh package NAME VERSION FOLDER         FOLDER/ as the binary package would install it under /
# A version is asked for first, with the folder that holds FOLDER as CACHE. For a source, NAME/RELEASE takes another release
# of Debian's than this machine's, from the same mirrors; CACHE/apt-RELEASE keeps its index.
#
# apt does the fetching and the checking: the index is signed with Debian's key, and holds the checksum of every file. Its
# configuration is made from the mirrors that this machine is configured for, so no deb-src entry and no root is needed.
set -euo pipefail

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg INDEX_MINUTES=1440

as_root=()
((EUID == 0)) || as_root=(sudo)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "debian.sh: $*"
    exit 1
}

# Whether a file is younger than a day.
fresh() { [[ -n "$(find "$1" -mmin "-$INDEX_MINUTES" 2>/dev/null)" ]]; }

# The machine's Debian mirrors as lines of a sources.list; those of another release hold its sources only. A mirror of updates
# or of security updates has them for the other release under its name.
mirrors() {
    local kind site release component origin
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format '$(CREATED_BY) $(SITE) $(RELEASE) $(COMPONENT) $(ORIGIN)' |
        while read -r kind site release component origin; do
            [[ "$kind" == Packages && "$origin" == Debian ]] || continue
            if [[ -n "$other_release" ]]; then
                [[ "$release" =~ ^[a-z]+(-updates|-security)?$ ]] || continue
                release=$other_release${BASH_REMATCH[1]}
            else
                printf '%s [signed-by=%s] %s %s %s\n' deb "$KEYRING" "$site" "$release" "$component"
            fi
            printf '%s [signed-by=%s] %s %s %s\n' deb-src "$KEYRING" "$site" "$release" "$component"
        done | sort -u
}

configure() {
    [[ -r "$KEYRING" ]] || die "$KEYRING is missing: install debian-archive-keyring"
    mkdir -p "$apt"/{lists/partial,archives/partial}
    mirrors >"$apt/sources.list.new"
    if [[ ! -s "$apt/sources.list.new" ]]; then
        # apt tells its mirrors only once it has read their index, which images of containers throw away.
        "${as_root[@]}" apt-get update -qq >&2 || true
        mirrors >"$apt/sources.list.new"
    fi
    [[ -s "$apt/sources.list.new" ]] || die "no mirror of Debian is configured on this machine"
    cmp -s "$apt/sources.list.new" "$apt/sources.list" || rm -f "$apt/updated"
    mv "$apt/sources.list.new" "$apt/sources.list"
    cat >"$apt/apt.conf" <<CONFIGURATION
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$apt/lists";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "3";
CONFIGURATION
    export APT_CONFIG="$apt/apt.conf"
}

# Without network an index that is there serves on.
update() {
    ! fresh "$apt/updated" || return 0
    if apt-get update -qq --error-on=any >&2; then
        touch "$apt/updated"
    else
        [[ -e "$apt/updated" ]] || die "Debian's index cannot be read"
        say "debian.sh: Debian's index cannot be read now: going on with that of $(date -r "$apt/updated" +%F)"
    fi
}

# The newest version among the mirrors, by Debian's own ordering.
newest() {
    local kind=Packages version best=
    [[ "$1" == package ]] || kind=Sources
    while read -r version; do
        if [[ -z "$best" ]] || dpkg --compare-versions "$version" gt "$best"; then best=$version; fi
    done < <(apt-cache madison "$2" | awk -F'|' -v kind="$kind" '$3 ~ kind "$" { gsub(/ /, "", $2); print $2 }')
    [[ -n "$best" ]] || die "Debian has no $1 '$2'"
    printf '%s\n' "$best"
}

# The index, and the version that was taken from it, may be a day old: by then a security update may have replaced the file.
outdated() {
    rm -f "$apt/updated" "$apt/$name.$kind.version"
    die "$name $1 cannot be fetched, maybe because Debian has a newer version by now: run this again to look for it"
}

# dpkg-source, which apt calls, applies the series of Debian's patches.
fetch_source() {
    apt-get source -qq --only-source "$1=$2" >&2 || outdated "$2"
    sed -n '/^Checksums-Sha256:/,/^[^ ]/s/^ \([0-9a-f]\{64\}\) [0-9]* \(.*\)/\1  \2/p' "$1"_*.dsc >listed.sha256
    (sha256sum "$1"_*.dsc && cat listed.sha256) | sort -k2 >checksums.sha256
    rm listed.sha256
    sha256sum --check --quiet checksums.sha256
}

fetch_package() {
    apt-get download -qq "$1=$2" >&2 || outdated "$2"
    dpkg-deb --extract "$1"_*.deb .
    rm "$1"_*.deb
}

# The folder of apt's own in a cache: one for each release, so that the newest version is the newest of that release.
apt_folder() { printf '%s\n' "$1/apt${other_release:+-$other_release}"; }

(($# == 4)) || die "usage: debian.sh version source|package NAME CACHE, or source|package NAME VERSION FOLDER"
mkdir -p "$4" && cd "$4"
case "$1" in
    version) kind=$2 name=$3 ;;
    source | package) kind=$1 name=$2 ;;
    *) die "there is no '$1'" ;;
esac
other_release=
if [[ "$name" == */* ]]; then
    [[ "$kind" == source ]] || die "only sources are taken from another release"
    other_release=${name#*/} name=${name%%/*}
    [[ "$other_release" =~ ^[a-z]+$ ]] || die "'$other_release' is no name of a release"
fi
if [[ "$1" == version ]]; then
    apt=$(apt_folder "$PWD")
    answer=$apt/$name.$kind.version
    if ! fresh "$answer"; then
        configure
        update
        newest "$kind" "$name" >"$answer.new"
        mv "$answer.new" "$answer"
    fi
    cat "$answer"
else
    apt=$(apt_folder "${PWD%/*}")
    configure
    "fetch_$kind" "$name" "$3"
fi
