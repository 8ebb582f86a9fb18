#!/usr/bin/env bash
# flakes.sh [TIMES [PYTEST ARGUMENTS...]]: the HTTP and browser tests again and again, as `make test` runs them, while
# one core is kept busy. Each turn of all of them becomes a line of benchmarks/flakes.tsv: it takes twelve minutes, so that
# ten in a row may come of several days. Ends with a line for each test that failed and the file that holds what pytest
# said of it, or a line that says that none did.
set -euo pipefail
cd "$(dirname "$0")/.."
times=${1:-10}
shift || true
given=$#
# As `make test` has them.
export PYTHONDONTWRITEBYTECODE=
read -ra workers < <(sed -n 's/^WORKERS ?= //p' Makefile)
read -ra browser_workers < <(sed -n 's/^BROWSER_WORKERS ?= //p' Makefile)
record=benchmarks/flakes.tsv

bash -c 'while :; do :; done' &
busy=$!
log=$(mktemp)
trap 'kill "$busy"; rm -f "$log" "$log.turn" "$log.failed"' EXIT

# A pytest that ends badly without naming a test counts as a failure, too.
tests() {
  if ! .venv/bin/python -m pytest -q -p no:cacheprovider "$@" >"$log.turn" 2>&1; then
    grep -oP '^(FAILED|ERROR) \K\S+' "$log.turn" >>"$log.failed" || echo "pytest:$*" >>"$log.failed"
    cat "$log.turn" >>"$log.output"
  fi
  tail -n 1 "$log.turn"
}

for turn in $(seq "$times"); do
  begin=$SECONDS
  : >"$log.failed"
  if [ "$given" -gt 0 ]; then
    result=$(tests "$@")
  else
    result="http: $(tests "${workers[@]}" -m 'not alone' tests/http); alone: $(tests -m alone tests/http); e2e: $(tests "${browser_workers[@]}" tests/e2e)"
    failed=$(paste -sd ' ' "$log.failed")
    printf '%s\t%s\t%d\t%s\t%s\n' "$(date -u +%F)" "$(git rev-parse --short HEAD)" $((SECONDS - begin)) "$result" \
      "${failed:-none}" >>"$record"
  fi
  printf 'turn %d of %d, %d s: %s\n' "$turn" "$times" $((SECONDS - begin)) "$result"
  cat "$log.failed" >>"$log"
done

if [ -s "$log" ]; then
  sort "$log" | uniq -c | sort -rn
  echo "what pytest said of them: $log.output"
  exit 1
fi
echo "no test failed in $times turns"
