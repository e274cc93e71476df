#!/usr/bin/env bash
# Builds librdkafka for static linking from Debian's patched source, once, and prints the folder that PKG_CONFIG_PATH names:
# librdkafka.sh FOLDER. TLS and SCRAM by OpenSSL, OAUTHBEARER, gzip, snappy and lz4. About half a minute; later calls find it.
#
# Debian's own librdkafka.a wants Kerberos, Cyrus SASL and zstd. That of Debian 12 is 2.0.2, which lets connections end with the
# token that they began with; trixie's renews them.
set -euo pipefail
# shellcheck source=packaging/library.sh
source "$(dirname "${BASH_SOURCE[0]}")/library.sh"

readonly OPTIONS=(--enable-static --enable-ssl --disable-{gssapi,curl,zstd,lz4-ext})
# For size: a producer waits for the network, and a fifth of the library's share of a zip is saved.
readonly FLAGS="-Os -g0 -ffunction-sections -fdata-sections"
# What must have been found, by the names of librdkafka's own list.
readonly FEATURES=(SSL SASL_SCRAM SASL_OAUTHBEARER ZLIB SNAPPY STATIC_LINKING)

# Whether librdkafka's own list of what it was built with has all of them.
has_features() {
    local feature
    for feature in "${FEATURES[@]}"; do
        grep -q "BUILT_WITH.*[ \"]${feature}[ \"]" config.h || { say "librdkafka was configured without $feature" && return 1; }
    done
}

configure_and_install() {
    # The library has a name of its own: where another library's search path comes first, -lrdkafka would find Debian's.
    CFLAGS=$2 ./configure --prefix="$1" "${OPTIONS[@]}" &&
        has_features &&
        make -C src -j"$(nproc)" librdkafka.a &&
        mkdir -p "$1"/{lib,include/librdkafka} &&
        cp src/rdkafka.h src/rdkafka_mock.h "$1/include/librdkafka/" &&
        cp src/librdkafka.a "$1/lib/librdkafka-static.a"
}

describe() {
    cat <<DESCRIPTION
Name: librdkafka
Description: librdkafka with TLS and SASL by OpenSSL, for static linking
Version: $2
Cflags: -I$1/include
Libs: -L$1/lib -lrdkafka-static -lssl -lcrypto -lz -lm
DESCRIPTION
}

provide "${1:?usage: librdkafka.sh FOLDER}" rdkafka librdkafka/trixie "$FLAGS" "${OPTIONS[@]}" "${FEATURES[@]}"
