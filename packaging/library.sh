# shellcheck shell=bash
# What the scripts share that build a C library for static linking from Debian's patched source, once each. Such a script
# defines what is its own,
#   configure_and_install PREFIX FLAGS   in the folder of the source; set -e means nothing there, so steps are joined by &&
#   describe PREFIX VERSION              the library's pkg-config file; what the static link needs beside it stands under
#                                        Libs: SwiftPM reads no Libs.private
# and calls, from its own folder,
#   provide FOLDER PKG_CONFIG_NAME SOURCE[/RELEASE] FLAGS OPTION…
# which prints the folder that PKG_CONFIG_PATH names. Later calls find what was built, in FOLDER/SOURCE-VERSION-KEY.

say() { printf '%s\n' "$*" >&2; }

# What the key stands for beside the version: what the bytes depend on, and the other libraries that functions link. SwiftPM
# does not notice that a library of Debian's was updated, but it builds anew for another folder.
inputs() {
    printf '%s\n' "$*" "$(describe PREFIX VERSION)" "$(cc --version | head -1)" "$(dpkg --print-architecture)"
    dpkg-query --show libssl-dev libc-ares-dev zlib1g-dev libc6-dev libexpat1-dev libsnappy-dev libsqlite3-dev libzstd-dev
}

# Refuses a source that is not the recorded one of its version. A version that is not recorded, because Debian has made a
# security update since, rests on apt's check against Debian's signature.
verify() {
    local here=$1 name=$2 version=$3 record=$1/$2.sha256
    if grep -q " ${name}_${version#*:}\.dsc$" "$record"; then
        diff <(grep -v '^#' "$record") checksums.sha256 >&2 || {
            say "$name: the source of version $version is not what packaging/$name.sha256 has recorded"
            exit 1
        }
        say "$name $version: source as recorded in packaging/$name.sha256"
    else
        say "$name $version: newer than packaging/$name.sha256, verified by Debian's signature:"
        cat checksums.sha256 >&2
    fi
}

build() {
    local here=$1 folder=$2 file=$3 source=$4 version=$5 prefix=$6 flags=$7 name=${4%%/*} work=$2/work-${4%%/*} log
    shift 7
    log=$folder/$name.log
    rm -rf "$work" "$prefix.part"
    "$here/debian.sh" source "$source" "$version" "$work" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    cd "$work" || exit
    verify "$here" "$name" "$version"
    say "building $name $version for static linking"
    cd "$name"-*/ || exit
    configure_and_install "$prefix.part" "$flags -ffile-prefix-map=$PWD=$name" "$@" >>"$log" 2>&1 || {
        tail -30 "$log" >&2
        exit 1
    }
    cp "$work/checksums.sha256" "$prefix.part/source.sha256"
    inputs "$flags" "$@" >"$prefix.part/inputs"
    rm -rf "$prefix.part/lib/pkgconfig" "$prefix"
    mkdir "$prefix.part/lib/pkgconfig"
    describe "$prefix" "${version%%-*}" >"$prefix.part/lib/pkgconfig/$file.pc"
    mv "$prefix.part" "$prefix"
    rm -rf "$work" "$log"
}

provide() {
    local folder file=$2 source=$3 flags=$4 name=${3%%/*} here key version prefix
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    folder=$(mkdir -p "$1" && cd "$1" && pwd)
    shift 4
    key=$(inputs "$flags" "$@" | sha256sum | cut -c1-12)
    if version=$("$here/debian.sh" version source "$source" "$folder"); then
        prefix=$folder/$name-$version-$key
        if [[ ! -e "$prefix/lib/pkgconfig/$file.pc" ]]; then
            (build "$here" "$folder" "$file" "$source" "$version" "$prefix" "$flags" "$@")
        fi
    else
        # Without Debian's index the newest that was built here serves on.
        prefix=$(find "$folder" -maxdepth 1 -name "$name-*-$key" | sort -V | tail -1)
        [[ -n "$prefix" ]] || exit 1
        say "$name: going on with $(basename "$prefix")"
    fi
    printf '%s\n' "$prefix/lib/pkgconfig"
}
