#!/usr/bin/env bash
# The whole line on a machine with a GPU, in ten minutes at most; without one, what a CPU can do.
#
#   tools/gpu_check.sh                  with uv: installs the extra `cuda` beside the weights
#   PYTHON=python3 tools/gpu_check.sh   in an environment that has all of it, without a network
#
# Four checks, a line each: both cuBLAS in one process, words, voices, memory of two workers.
# Ends with 0 when all are right, 1 when one is not.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

if command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,memory.total --format=csv,noheader; then
    device=cuda
else
    echo "no GPU here: only what a CPU can do is checked"
    device=cpu
fi

run() {
    if [ -n "${PYTHON:-}" ]; then
        timeout "$1" "$PYTHON" "${@:2}"
    else
        timeout "$1" uv run --quiet --locked --extra cuda python "${@:2}"
    fi
}

wrong=0
for check in libraries:60 words:150 voices:150 memory:200; do
    name=${check%:*}
    if run "${check#*:}" tools/gpu_check.py "$name" "$device" 2>"/tmp/gpu_check.$name.log"; then
        echo "ok      $name"
    else
        wrong=1
        echo "FAILED  $name: $(tail -n 1 "/tmp/gpu_check.$name.log") (/tmp/gpu_check.$name.log)"
    fi
done
exit "$wrong"
