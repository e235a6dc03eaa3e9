#!/bin/sh
# Makes ./.venv with the first Python of 3.11 or newer, using nothing but the standard library's venv.
# PYTHON=/path/to/python chooses another one.
set -eu

[ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null && exit 0

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c "$new_enough" 2>/dev/null; then
        found=$candidate
        break
    fi
done

if [ -z "${found:-}" ]; then
    echo "Ossicle needs Python 3.11 or newer and found none on the PATH." >&2
    echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12" >&2
    exit 1
fi

if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$found (Python $version) comes without venv, which Debian and Ubuntu keep in a package of its own:" >&2
    echo "    apt-get install python$version-venv" >&2
    exit 1
fi

echo "Making .venv with $("$found" --version) ..." >&2
"$found" -m venv --clear .venv
