#!/bin/bash
# Fetches AWS's Lambda Runtime Interface Emulator, which the wheel of aws-sam-cli carries, into a folder.
# Usage: fetch_rie.sh FOLDER [PYTHON]. Does nothing if it is there already. Prints the program's path.
set -euo pipefail

readonly VERSION=1.170.0
folder=${1:?usage: fetch_rie.sh FOLDER [PYTHON]}
python=${2:-python3}
case $(uname -m) in
aarch64 | arm64) name=aws-lambda-rie-arm64 ;;
*) name=aws-lambda-rie-x86_64 ;;
esac

if [ ! -x "$folder/$name" ]; then
    mkdir -p "$folder"
    wheel=$(mktemp -d)
    trap 'rm -rf "$wheel"' EXIT
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$wheel" "aws-sam-cli==$VERSION" >&2
    "$python" - "$wheel" "samcli/local/rapid/$name" "$folder/$name.part" <<'PYTHON'
import pathlib, sys, zipfile

wheel = next(pathlib.Path(sys.argv[1]).glob("*.whl"))
pathlib.Path(sys.argv[3]).write_bytes(zipfile.ZipFile(wheel).read(sys.argv[2]))
PYTHON
    chmod +x "$folder/$name.part"
    mv "$folder/$name.part" "$folder/$name"
fi
echo "$folder/$name"
