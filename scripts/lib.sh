# shellcheck shell=bash
# Shared by the commands of this folder: source it first. Strict mode, the top of the source tree as working directory,
# --help from the command's own head comment.

set -euo pipefail

script=$(realpath "$0")
# shellcheck disable=SC2034  # for the sourcing command: where the user called from
called_from=$PWD
cd "$(dirname "$script")/.."

die() {
    echo "$(basename "$script"): $*" >&2
    exit 2
}

say() { printf '\n== %s\n' "$*"; }

usage() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$script"; }

# build_preset PRESET [TARGET…]: configure when needed (the build itself notices changed CMake files) and build.
build_preset() {
    local preset=$1
    shift
    if [[ ! -f build/$preset/build.ninja ]]; then
        cmake --preset "$preset" >/dev/null
    fi
    cmake --build --preset "$preset" ${1:+--target "$@"}
}

for argument in "$@"; do
    if [[ $argument == -- ]]; then break; fi
    if [[ $argument == --help || $argument == -h ]]; then
        usage
        exit 0
    fi
done
