# Shared by the scripts here: sourced, not run.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Fills `arguments`: what names a file or folder from where the script was called becomes its whole path.
set_arguments() {
    arguments=()
    local argument
    for argument in "$@"; do
        [ -n "$argument" ] && [ -e "$caller/$argument" ] && argument=$(realpath "$caller/$argument")
        arguments+=("$argument")
    done
}

# Installs the Debian packages that are missing, or says which they are where it may not.
need_packages() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null && root=(sudo -n) ||
            fail "these Debian packages are missing: ${missing[*]}. As root: apt-get install ${missing[*]}"
    fi
    command -v apt-get >/dev/null || fail "these Debian packages are missing and there is no apt-get: ${missing[*]}"
    say "Installing ${missing[*]} 正在安装"
    "${root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_swift() {
    command -v swift >/dev/null ||
        fail "Swift 6.3 is missing. Install it from swift.org (Debian 12, x86-64 or arm64) and run this again."
    need_packages libsqlite3-dev zlib1g-dev libzstd-dev libgumbo-dev
}

# Sets `python` to one with some packages: PYTHON, or an environment made once in the cache folder.
#   find_python ENVIRONMENT 'MODULE, MODULE' PACKAGE …
find_python() {
    python="${PYTHON:-}"
    [ -n "$python" ] && return
    local environment="${XDG_CACHE_HOME:-$HOME/.cache}/$1" modules="$2"
    shift 2
    python="$environment/bin/python"
    "$python" -c "import $modules" 2>/dev/null && return
    say "Making a Python environment in $environment"
    need_packages python3-venv
    python3 -m venv "$environment"
    "$python" -m pip install --quiet "$@"
}

# One configuration for the program and its tests, so that nothing is compiled twice.
build() {
    need_swift
    say "Building danlu; the first time takes some minutes 正在编译，首次需要几分钟"
    swift build -c release "$@"
}

danlu=.build/release/danlu
