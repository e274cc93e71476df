#!/usr/bin/env bash
# Unpacks Debian's newest ca-certificates, once, and prints the folder of its certificates: ca-certificates.sh FOLDER.
# Not those that are installed here: somebody may have added or removed some.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "${1:?usage: ca-certificates.sh FOLDER}" && cd "$1" && pwd)

if version=$("$here/debian.sh" version package ca-certificates "$folder"); then
    unpacked=$folder/ca-certificates-$version
    if [[ ! -d "$unpacked" ]]; then
        rm -rf "$unpacked.part"
        "$here/debian.sh" package ca-certificates "$version" "$unpacked.part"
        mv "$unpacked.part" "$unpacked"
    fi
else
    # Without Debian's index the newest that was unpacked here serves on.
    unpacked=$(find "$folder" -maxdepth 1 -name 'ca-certificates-*' ! -name '*.part' | sort -V | tail -1)
    [[ -n "$unpacked" ]] || exit 1
    printf 'ca-certificates.sh: going on with %s\n' "$(basename "$unpacked")" >&2
fi
printf '%s\n' "$unpacked/usr/share/ca-certificates/mozilla"
