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

# use_node: a Node that builds and tests the console is first in PATH. Debian 12 has an older one; then one of npm is put
# into build/node.
node_package=node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@22.23.3
use_node() {
    # shellcheck disable=SC2016  # that is for node
    if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
        2>/dev/null; then
        return
    fi
    local folder=$PWD/build/node/node_modules/${node_package%@*}/bin
    if [[ ! -x $folder/node ]]; then
        command -v npm >/dev/null || die "needs npm; see scripts/setup"
        npm install --ignore-scripts --no-audit --no-fund --no-package-lock --prefix build/node "$node_package"
    fi
    PATH=$folder:$PATH
}

for argument in "$@"; do
    if [[ $argument == -- ]]; then break; fi
    if [[ $argument == --help || $argument == -h ]]; then
        usage
        exit 0
    fi
done
