#!/usr/bin/env bash
# Builds libcurl for static linking from Debian's patched source, once, and prints the folder that PKG_CONFIG_PATH names:
# libcurl.sh FOLDER. HTTP and HTTPS only, TLS by OpenSSL, names by c-ares. About half a minute; later calls find it.
#
# Debian's own libcurl.a wants Kerberos, LDAP, RTMP and SSH, and asks glibc for names, which loads the host's NSS modules.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mkdir -p "${1:?usage: libcurl.sh FOLDER}" && cd "$1" && pwd)

readonly OPTIONS=(
    --disable-shared --enable-static --with-openssl --with-zlib --enable-ares
    --without-{libpsl,libidn2,librtmp,libssh2,gssapi,nghttp2,brotli,zstd,ca-bundle,ca-path}
    --disable-{ldap,ldaps,rtsp,dict,telnet,tftp,pop3,imap,smb,smtp,gopher,mqtt,manual,ftp,file,ntlm,unix-sockets}
    --disable-{alt-svc,hsts,doh,openssl-auto-load-config}
)
readonly FLAGS="-O2 -g0 -ffunction-sections -fdata-sections"

say() { printf '%s\n' "$*" >&2; }

# What the folder's name stands for beside curl's version: what its bytes depend on, and the other libraries that functions
# link. SwiftPM does not notice that a library of Debian's was updated, but it builds anew for another folder.
inputs() {
    printf '%s\n' "${OPTIONS[*]}" "$FLAGS" "$(cc --version | head -1)" "$(dpkg --print-architecture)"
    dpkg-query --show libssl-dev libc-ares-dev zlib1g-dev libc6-dev libexpat1-dev libsnappy-dev libsqlite3-dev libzstd-dev
}

# Refuses a source that is not the recorded one of its version. A version that is not recorded, because Debian has made a
# security update since, rests on apt's check against Debian's signature.
verify() {
    if grep -q " curl_$version\.dsc$" "$here/curl.sha256"; then
        diff <(grep -v '^#' "$here/curl.sha256") checksums.sha256 >&2 || {
            say "libcurl.sh: the source of curl $version is not what packaging/curl.sha256 has recorded"
            exit 1
        }
        say "curl $version: source as recorded in packaging/curl.sha256"
    else
        say "curl $version: newer than packaging/curl.sha256, verified by Debian's signature:"
        cat checksums.sha256 >&2
    fi
}

# What the static link needs beside -lcurl stands under Libs: SwiftPM reads no Libs.private.
describe() {
    cat <<DESCRIPTION
Name: libcurl
Description: libcurl with HTTPS by OpenSSL and names by c-ares, for static linking
Version: ${version%%-*}
Cflags: -I$prefix/include -DCURL_STATICLIB
Libs: -L$prefix/lib -lcurl -lcares -lssl -lcrypto -lz
DESCRIPTION
}

build() {
    local work=$folder/work
    rm -rf "$work" "$prefix.part"
    "$here/debian.sh" source curl "$version" "$work" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
    cd "$work"
    verify
    say "building libcurl $version for static linking"
    cd curl-*/
    {
        ./configure --prefix="$prefix.part" "${OPTIONS[@]}" CFLAGS="$FLAGS -ffile-prefix-map=$PWD=curl"
        make -C lib -j"$(nproc)" install
        make -C include install
    } >>"$folder/log" 2>&1 || { tail -30 "$folder/log" >&2; exit 1; }
    cp "$work/checksums.sha256" "$prefix.part/source.sha256"
    inputs >"$prefix.part/inputs"
    rm -rf "$prefix.part/lib/pkgconfig" "$prefix"
    mkdir "$prefix.part/lib/pkgconfig"
    describe >"$prefix.part/lib/pkgconfig/libcurl.pc"
    mv "$prefix.part" "$prefix"
    rm -rf "$work" "$folder/log"
}

key=$(inputs | sha256sum | cut -c1-12)
if version=$("$here/debian.sh" version source curl "$folder"); then
    prefix=$folder/curl-$version-$key
    [[ -e "$prefix/lib/pkgconfig/libcurl.pc" ]] || build
else
    # Without Debian's index the newest that was built here serves on.
    prefix=$(find "$folder" -maxdepth 1 -name "curl-*-$key" | sort -V | tail -1)
    [[ -n "$prefix" ]] || exit 1
    say "libcurl.sh: going on with $(basename "$prefix")"
fi
printf '%s\n' "$prefix/lib/pkgconfig"
