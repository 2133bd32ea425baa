#!/bin/sh
# Makes client.py ready to run in this folder, with the contracts in proto/: venv/bin/python client.py
set -eu
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
# google/rpc comes with googleapis-common-protos.
venv/bin/python -m grpc_tools.protoc -I proto --python_out=. --grpc_python_out=. $(cd proto && find exitbus -name '*.proto')
