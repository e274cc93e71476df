#!/usr/bin/env bash
# Finds Terraform, or fetches HashiCorp's release of it, once, and prints its path: terraform.sh FOLDER. The one on the PATH
# serves if it is 1.11 or later; what is fetched is checked against the release's list of checksums and put into FOLDER.
#
# TERRAFORM_RELEASES names another server of releases than HashiCorp's, such as a company's own.
set -euo pipefail

readonly VERSION=1.11.4 OLDEST=1.11.0
readonly RELEASES=${TERRAFORM_RELEASES:-https://releases.hashicorp.com}

say() { printf '%s\n' "$*" >&2; }
die() {
    say "terraform.sh: $*"
    say "Install Terraform $OLDEST or later by hand (https://developer.hashicorp.com/terraform/install) and put it on the PATH."
    exit 1
}

# Version of an executable, such as 1.11.4; nothing where it does not run.
version_of() {
    CHECKPOINT_DISABLE=1 TF_CLI_CONFIG_FILE=/dev/null "$1" version 2>/dev/null | sed -n '1s/^Terraform v\([0-9.]*\).*/\1/p'
}

serves() {
    local version
    version=$(version_of "$1") && [[ -n "$version" ]] &&
        [[ "$(printf '%s\n' "$OLDEST" "$version" | sort --version-sort | head -1)" == "$OLDEST" ]]
}

# What HashiCorp calls this machine's architecture.
architecture() {
    case "$(uname -m)" in
        x86_64) echo amd64 ;;
        aarch64 | arm64) echo arm64 ;;
        *) die "HashiCorp releases no Terraform for $(uname -m)" ;;
    esac
}

# Python is there for the checks anyway; curl and unzip may not be.
download() {
    python3 - "$1" "$2" <<'PYTHON' || die "cannot fetch $1"
import shutil, sys, urllib.request
try:
    with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file:
        shutil.copyfileobj(answer, file)
except OSError as error:
    sys.exit(f"{sys.argv[1]}: {error}")
PYTHON
}

fetch() {
    local folder=$1 name sums=terraform_${VERSION}_SHA256SUMS
    name=terraform_${VERSION}_linux_$(architecture).zip
    say "fetching Terraform $VERSION from $RELEASES"
    work=$(mktemp -d "$folder/fetch.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download "$RELEASES/terraform/$VERSION/$sums" "$work/$sums"
    download "$RELEASES/terraform/$VERSION/$name" "$work/$name"
    grep "  $name\$" "$work/$sums" >"$work/sum" || die "$sums has no checksum of $name"
    (cd "$work" && sha256sum --check --status sum) || die "$name is not what $sums says: it was thrown away"
    python3 -m zipfile --extract "$work/$name" "$work/unpacked"
    chmod +x "$work/unpacked/terraform"
    serves "$work/unpacked/terraform" || die "what $name holds does not run on this machine"
    mv "$work/unpacked/terraform" "$folder/terraform"
}

folder=${1:?usage: terraform.sh FOLDER}
if installed=$(command -v terraform) && serves "$installed"; then
    printf '%s\n' "$installed"
    exit
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
serves "$folder/terraform" || fetch "$folder"
printf '%s\n' "$folder/terraform"
