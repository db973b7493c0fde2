# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts of this folder: paths, messages, and the one-time set-up. Sourced, never run.
set -euo pipefail

kRoot="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
kCache="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/shortlist"
export SHORTLIST_ENV_DIR="${SHORTLIST_ENV_DIR:-$kCache/env}"
kTorchVersion="2.15.0"

say() { printf '== %s\n' "$*"; }
fail() { printf 'shortlist: %s\n' "$*" >&2; exit 2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "Installing packages needs root: run this as root or install sudo."
    fi
}

# Free space of the file system that will hold $1, in MiB.
free_mib() {
    local dir="$1"
    while [ ! -d "$dir" ]; do dir="$(dirname "$dir")"; done
    df -Pm "$dir" | awk 'NR == 2 { print $4 }'
}

need_space() {
    local dir="$1" mib="$2" what="$3" have
    have="$(free_mib "$dir")"
    [ "$have" -ge "$mib" ] || fail "$what needs $mib MiB free at $dir, only $have MiB are: free some space or set XDG_CACHE_HOME to another disk."
}

install_packages() {
    command -v apt-get >/dev/null || fail "This set-up knows Debian 12 and Ubuntu 24.04 (apt-get not found). Install the packages of packaging/apt.txt by hand and build with: cmake --preset release."
    local wanted missing=()
    mapfile -t wanted < <(grep -v '^#' "$kRoot/packaging/apt.txt")
    for package in "${wanted[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    need_space / 2500 "Installing system packages"
    as_root apt-get update -qq || fail "apt-get update failed: check the network and the package sources."
    local size
    size="$(apt-get install --assume-no --no-install-recommends "${missing[@]}" 2>/dev/null | sed -n 's/^Need to get \(.*\) of archives.*/\1/p' || true)"
    say "Installing ${#missing[@]} system packages (${size:-unknown size} to download): ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install: ${missing[*]}. Its message stands above."
}

# CUDA pays only when a driver of CUDA 13 or newer is present; everything else runs on the CPU.
choose_device() {
    if command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1; then
        local version
        version="$(nvidia-smi | sed -n 's/.*CUDA Version: *\([0-9]*\)\..*/\1/p' | head -n 1)"
        if [ "${version:-0}" -ge 13 ]; then echo cuda; return; fi
        say "NVIDIA driver reports CUDA ${version:-unknown}, 13 or newer is needed: using the CPU. Update the driver to 580 or newer to use the GPU." >&2
    fi
    echo cpu
}

build_release() {
    local preset=release
    say "Configuring and building build/$preset (first time: several minutes)"
    mkdir -p "$kRoot/build"
    (cd "$kRoot" && cmake --preset "$preset" -DSHORTLIST_ENV_DIR="$SHORTLIST_ENV_DIR" "$@" \
        >"$kRoot/build/configure.log" 2>&1) || { tail -n 30 "$kRoot/build/configure.log" >&2; fail "Configuring failed; all of it is in build/configure.log."; }
    cmake --build "$kRoot/build/$preset" >"$kRoot/build/build.log" 2>&1 ||
        { grep -E 'error|FAILED|fatal' "$kRoot/build/build.log" | head -n 30 >&2; fail "Building failed; all of it is in build/build.log."; }
}

set_up() {
    install_packages
    "$kRoot/packaging/install-libtorch" "$(choose_device)"
    build_release "$@"
}
