#!/bin/sh
# venv-1 and venv-2, one for each major version of the SDK: venv-1/bin/python reader.py
set -eu
for version in 1 2; do
  python3 -m venv "venv-$version"
  "venv-$version/bin/pip" install --quiet --disable-pip-version-check --requirement "requirements-$version.txt"
done
