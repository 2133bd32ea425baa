#!/bin/sh
# ./reader
set -eu
go build -o reader reader.go
