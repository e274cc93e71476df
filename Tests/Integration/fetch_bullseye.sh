#!/usr/bin/env bash
# Makes a root directory of Debian bullseye, whose glibc is 2.31, for checks that want an old system: fetch_bullseye.sh FOLDER.
# Does nothing if it is there already. About half a minute; debootstrap needs root.
set -euo pipefail

folder=${1:?usage: fetch_bullseye.sh FOLDER}
[[ ! -e "$folder/etc/resolv.conf" ]] || exit 0

as_root=()
((EUID == 0)) || as_root=(sudo)
mkdir -p "$(dirname "$folder")"
part=$folder.part
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The mirror that this machine uses; older releases move to the archive some day.
# shellcheck disable=SC2016 # apt's own variables
mirror=$(apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(SITE)' | awk '$1 == "Debian" && $2 !~ /-/ { print $3; exit }')
for from in "${mirror:-http://deb.debian.org/debian}" http://archive.debian.org/debian; do
    "${as_root[@]}" rm -rf "$part"
    if "${as_root[@]}" debootstrap --variant=minbase bullseye "$part" "$from" >"$log" 2>&1; then
        "${as_root[@]}" touch "$part/etc/resolv.conf"
        "${as_root[@]}" mv "$part" "$folder"
        exit 0
    fi
done
tail -20 "$log" >&2
exit 1
