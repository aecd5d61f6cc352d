#!/bin/sh
# Writes the generated code from the .proto files; tests/test_generated.py checks that what is committed is current.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
"${PYTHON:-python}" -m grpc_tools.protoc -I. --python_out="$out" --pyi_out="$out" --grpc_python_out="$out" stocktake/v1/*.proto
