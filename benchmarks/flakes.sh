#!/usr/bin/env bash
# flakes.sh [TIMES [PYTEST ARGUMENTS...]]: the HTTP and browser tests again and again, while one core is kept busy.
# Ends with a line for each test that ever failed, or one that says that none did. Ten times take some hours.
set -euo pipefail
cd "$(dirname "$0")/.."
times=${1:-10}
shift || true
[ $# -gt 0 ] || set -- tests/http tests/e2e

bash -c 'while :; do :; done' &
busy=$!
log=$(mktemp)
trap 'kill "$busy"; rm -f "$log"' EXIT

for turn in $(seq "$times"); do
  begin=$SECONDS
  .venv/bin/python -m pytest -q -p no:cacheprovider "$@" >"$log.turn" 2>&1 || true
  printf 'turn %d of %d, %d s: %s\n' "$turn" "$times" $((SECONDS - begin)) "$(tail -n 1 "$log.turn")"
  grep -E '^(FAILED|ERROR) ' "$log.turn" | cut -d ' ' -f 2 >>"$log" || true
done
rm -f "$log.turn"

if [ -s "$log" ]; then
  sort "$log" | uniq -c | sort -rn
  exit 1
fi
echo "no test failed in $times turns"
