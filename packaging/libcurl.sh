#!/usr/bin/env bash
# Builds libcurl for static linking from Debian's patched source, once, and prints the folder that PKG_CONFIG_PATH names:
# libcurl.sh FOLDER. HTTP and HTTPS only, TLS by OpenSSL, names by c-ares. About half a minute; later calls find it.
#
# Debian's own libcurl.a wants Kerberos, LDAP, RTMP and SSH, and asks glibc for names, which loads the host's NSS modules.
set -euo pipefail
# shellcheck source=packaging/library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

readonly OPTIONS=(
    --disable-shared --enable-static --with-openssl --with-zlib --enable-ares
    --without-{libpsl,libidn2,librtmp,libssh2,gssapi,nghttp2,brotli,zstd,ca-bundle,ca-path}
    --disable-{ldap,ldaps,rtsp,dict,telnet,tftp,pop3,imap,smb,smtp,gopher,mqtt,manual,ftp,file,ntlm,unix-sockets}
    --disable-{alt-svc,hsts,doh,openssl-auto-load-config}
)
readonly FLAGS="-O2 -g0 -ffunction-sections -fdata-sections"

configure_and_install() {
    ./configure --prefix="$1" "${OPTIONS[@]}" CFLAGS="$2" &&
        make -C lib -j"$(nproc)" install &&
        make -C include install
}

describe() {
    cat <<DESCRIPTION
Name: libcurl
Description: libcurl with HTTPS by OpenSSL and names by c-ares, for static linking
Version: $2
Cflags: -I$1/include -DCURL_STATICLIB
Libs: -L$1/lib -lcurl -lcares -lssl -lcrypto -lz
DESCRIPTION
}

provide "${1:?usage: libcurl.sh FOLDER}" libcurl curl "$FLAGS" "${OPTIONS[@]}"
