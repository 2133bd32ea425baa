#!/bin/sh
# node reader.cjs
set -eu
npm ci --ignore-scripts --no-audit --no-fund --silent
