#!/usr/bin/env bash
# Swiftlake's one entry point: installs what a step needs, then builds, runs, tests or measures.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD

# Debian packages of a build, and those that only the checks need.
build_packages=(libc-ares-dev libcurl4-openssl-dev libexpat1-dev librdkafka-dev libsnappy-dev libsqlite3-dev
    libssl-dev libzstd-dev zlib1g-dev libstdc++-12-dev pkg-config git ca-certificates)
# What static builds and zips need beside them.
package_packages=(binutils debian-archive-keyring dpkg-dev g++ gcc libc6-dev libdeflate-tools make patch python3 xz-utils)
check_packages=(python3 python3-venv shellcheck strace util-linux binutils debootstrap iproute2)

help() {
    cat <<'HELP'
usage: ./build.sh VERB [ARGUMENT…]

  demo [OPTION…]        build, feed generated readings, quotes and trades to the real functions, show the tables
  up [OPTION…]          run the whole lake on this machine until Ctrl-C: simulators, streams, functions, tables
  package [JOB…]        write dist/JOB.zip for AWS Lambda, for each job or those named
  test [unit|integration|long]
                        everything (the default), or one part; long adds the sweeps that take minutes
  invoke JOB EVENT.json run one function on one event, on this machine; events/ holds samples
  bench [NAME]          measure against other programs in the same run; Benchmarks/ holds the names
  lint                  format, shell and layout rules; terraform/: validated, planned and checked, offline
  setup                 install Debian packages and the Python environment of the checks
  help                  this text

Every verb calls setup for what it lacks. The lake of demo and invoke lies in .lake/ of the current directory.
HELP
}

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}
# For a verb or argument that there is not: the exit code that commands use for wrong use.
misuse() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 64
}

# Installs the Debian packages that are missing; touches nothing when all are there.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]}"
    local apt=(apt-get)
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "needs root for: apt-get install ${missing[*]}"
        apt=(sudo apt-get)
    fi
    "${apt[@]}" update -qq
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

setup_build() {
    command -v swift >/dev/null || die "no Swift toolchain: install Swift 6.2 or later and put swift on the PATH"
    install_packages "${build_packages[@]}"
}

# A Python environment in a folder, made again only when its list of requirements changes: FOLDER REQUIREMENTS, and options of
# pip. Each command is asked for its outcome, since demo goes on where this fails.
setup_python() {
    local folder=$1 requirements=$2
    shift 2
    cmp -s "$requirements" "$folder/requirements.installed" && return
    say "installing what $requirements lists into $folder"
    python3 -m venv --clear "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" -r "$requirements" &&
        cp "$requirements" "$folder/requirements.installed"
}

# What the checks need: programs, and Python packages.
setup_checks() {
    install_packages "${check_packages[@]}"
    setup_python .venv Tests/requirements.txt
    Tests/Integration/fetch_rie.sh .build/rie .venv/bin/python >/dev/null
    Tests/Integration/fetch_bullseye.sh .build/bullseye
}

# What the checks of terraform/ need: Terraform, the stand-in for its providers, and checkov, each of these two in an
# environment of its own.
setup_terraform() {
    install_packages "${check_packages[@]}"
    packaging/terraform.sh .build/terraform/bin >/dev/null
    local name
    for name in terraform checkov; do setup_python ".venv-$name" "Tests/Terraform/requirements-$name.txt"; done
    .venv-terraform/bin/python Tests/Terraform/standin/package.py .build/terraform >/dev/null
}

# Where static builds find the C libraries that Debian has no fit one of. Debian's index is asked at most once a day.
setup_static() {
    setup_build
    install_packages "${package_packages[@]}"
    local curl rdkafka
    curl=$(packaging/libcurl.sh .build-libraries)
    rdkafka=$(packaging/librdkafka.sh .build-libraries)
    static_libraries=$curl:$rdkafka
}

setup() {
    setup_static
    setup_checks
    setup_terraform
    say "everything is installed"
}

# Builds products for release; their folder is .build/release.
build_release() {
    setup_build
    say "building for release: $*"
    local product
    for product in "$@"; do
        swift build --configuration release --product "$product" --quiet
    done
}

# Builds functions as they are shipped: one static executable each, in .build-static/release.
build_static() {
    setup_static
    say "linking statically: $*"
    local product log=.build-static/build.log
    mkdir -p .build-static
    for product in "$@"; do
        # The linker warns of glibc's look-ups of names and users; what is kept of them is never called. It drops what no
        # function calls where each has a section of its own: 120 kB of a zip.
        PKG_CONFIG_PATH=$static_libraries swift build --configuration release -Xswiftc -static-executable \
            -Xswiftc -Xfrontend -Xswiftc -function-sections --scratch-path .build-static --product "$product" --quiet >"$log" 2>&1 || { cat "$log" >&2; return 1; }
    done
}

# Writes the zips of jobs: all of them, or those named.
package() {
    local job jobs=("$@") executables=() certificates
    for job in "$@"; do known_job "$job"; done
    (($#)) || mapfile -t jobs < <(all_jobs)
    build_static "${jobs[@]}"
    certificates=$(packaging/ca-certificates.sh .build-libraries)
    say "packing"
    for job in "${jobs[@]}"; do executables+=(".build-static/release/$job"); done
    python3 packaging/package.py --definition lake.json --certificates "$certificates" --into dist "${executables[@]}"
    printf 'C libraries: %s, %s' "$(built_version "${static_libraries%:*}")" "$(built_version "${static_libraries#*:}")"
    dpkg-query --show --showformat ', ${source:Package} ${Version}' libssl-dev libc-ares-dev zlib1g-dev libexpat1-dev \
        libzstd-dev libsnappy-dev libsqlite3-dev
    printf '\n'
}

# Name and version of what was built for static linking, from the folder of its pkg-config file.
built_version() { basename "${1%/lib/pkgconfig}" | sed 's/^\([^-]*\)-\(.*\)-[^-]*$/\1 \2/'; }

# Every function, one a line.
all_jobs() { (cd lambdas && printf '%s\n' *); }

# Builds for release what the checks and benchmarks run.
build_checked() {
    local jobs
    mapfile -t jobs < <(all_jobs)
    build_release swiftlake conformance echo-function "${jobs[@]}"
}

# Runs the command line where the caller stands, whose relative paths mean what they say.
swiftlake() {
    local definition=${LAKE_DEFINITION:-$root/lake.json}
    (cd "$caller" && LAKE_DEFINITION=$definition "$root/.build/release/swiftlake" "$@")
}

# DuckDB for the demo, in a Python environment of its own. Fails where it cannot be fetched.
setup_demo() {
    (install_packages python3 python3-venv) && setup_python .venv-demo demo/requirements.txt --retries 1 --timeout 20
}

demo() {
    build_release swiftlake kinesis-ingest bootstrap-tables refresh-assets kafka-ingest
    if setup_demo; then
        swiftlake demo --query "$root/demo/query.sh" "$@"
    else
        say "DuckDB cannot be installed here (is there no network?): the demo goes on without it"
        swiftlake demo "$@"
    fi
}

up() {
    local jobs
    mapfile -t jobs < <(all_jobs)
    build_release swiftlake "${jobs[@]}"
    swiftlake up "$@"
}

known_job() {
    [[ -n "$1" && "$1" != */* && "$1" != .* && -d "lambdas/$1" ]] || misuse "no job '$1': there are $(cd lambdas && echo *)"
}

invoke() {
    (($# >= 2)) || misuse "usage: ./build.sh invoke JOB EVENT.json"
    known_job "$1"
    build_release swiftlake "$1"
    swiftlake invoke "$@"
}

test_unit() {
    setup_build
    say "unit tests"
    swift build --build-tests --quiet
    swift test --skip-build
}

# Independent readers, AWS's emulator and killed processes, against the binaries that are shipped. Two processes share the
# files: each test starts servers of its own, on free ports.
test_integration() {
    setup_checks
    setup_terraform
    build_checked
    package
    say "integration tests"
    SWIFTLAKE_BIN="$PWD/.build/release" SWIFTLAKE_STATIC_BIN="$PWD/.build-static/release" SWIFTLAKE_DIST="$PWD/dist" \
        .venv/bin/python -m pytest Tests/Integration --numprocesses 2 --dist loadfile "$@"
}

run_tests() {
    case "${1:-all}" in
        all)
            lint
            test_unit
            test_integration -m "not long"
            ;;
        unit) test_unit ;;
        integration) test_integration -m "not long" ;;
        long) test_integration ;;
        *) misuse "test takes unit, integration, long, or nothing" ;;
    esac
}

bench() {
    setup_checks
    .venv/bin/pip install --quiet --disable-pip-version-check -r Benchmarks/requirements.txt
    build_checked
    package
    build_static echo-function
    SWIFTLAKE_BIN="$PWD/.build/release" SWIFTLAKE_STATIC_BIN="$PWD/.build-static/release" SWIFTLAKE_DIST="$PWD/dist" \
        .venv/bin/python Benchmarks/run.py "$@"
}

lint() {
    setup_checks
    say "lint"
    swift format lint --strict --recursive --parallel Package.swift Sources Tests lambdas
    shellcheck build.sh .ci/run dashboards/kibana/*.sh demo/*.sh packaging/*.sh Tests/Integration/*.sh
    .venv/bin/python Tests/lint.py
    python3 docs/costs.py --check
    lint_terraform
}

# The configuration against a stand-in for AWS, offline, and what proves that these checks reject what they should.
lint_terraform() {
    setup_terraform
    # What the functions call is read from the index that a debug build writes; the unit tests take the build from there.
    setup_build
    swift build --quiet
    say "terraform"
    .build/debug/swiftlake definition check lake.json
    .venv-terraform/bin/python Tests/Terraform/check.py
    .venv-terraform/bin/python -m pytest --quiet --numprocesses 2 Tests/Terraform
}

verb=${1:-help}
(($# == 0)) || shift
case "$verb" in
    setup | demo | up | invoke | bench | lint) "$verb" "$@" ;;
    package) package "$@" ;;
    test) run_tests "$@" ;;
    help | --help | -h) help ;;
    *)
        help >&2
        misuse "no verb '$verb'"
        ;;
esac
