#!/usr/bin/env bash
# Other people's servers and clients judge secdash: moto and ministack our client, boto3 our demo world.
#
#   tests/conformance/run.sh [moto] [ministack] [boto3]     all of them when none is named
#
# SECDASH_BIN        the program to judge           (default: target/debug/secdash)
# CARGO_TARGET_DIR   where the virtual environment goes, as conformance-venv (default: target)
# PYTHON             the Python to build it from    (default: python3; 3.11 or newer)
#
# Needs the package index only when the pins have changed since the last run; the judges
# themselves talk to 127.0.0.1 and nothing else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-target}
binary=${SECDASH_BIN:-$target/debug/secdash}
python=${PYTHON:-python3}
venv=$target/conformance-venv
pins=$here/requirements.txt

die() {
  printf 'conformance: %s\n' "$*" >&2
  exit 2
}

[ -x "$binary" ] || die "no program at $binary: run \`cargo build\` first, or set SECDASH_BIN"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "$python is missing or older than 3.11"

# The stamp says which Python and which pins the environment was made from; it is written last.
stamp=$({ "$python" -VV; cat "$pins"; } | sha256sum | cut -d ' ' -f 1)
if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ]; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || die "$python cannot make virtual environments; on Debian: apt install python3-venv"
  rm -rf "$venv"
  mkdir -p "$target"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$pins"
  "$venv/bin/pip" check
  printf '%s\n' "$stamp" >"$venv/stamp"
fi

# From here on nothing of the machine's AWS set-up, proxies or Python paths gets in.
exec env -i PATH="$PATH" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/main.py" "$binary" "$@"
