#!/bin/sh
# Makes client.go ready to run in this folder, with the contracts in proto/: ./client
set -eu
GOBIN=$PWD/bin
export GOBIN
go install google.golang.org/protobuf/cmd/protoc-gen-go google.golang.org/grpc/cmd/protoc-gen-go-grpc
files=$(cd proto && find exitbus -name '*.proto')
options=$(for file in $files; do
  echo "--go_opt=M$file=client/${file%/*} --go-grpc_opt=M$file=client/${file%/*}"
done)
PATH=$GOBIN:$PATH protoc -I proto --go_out=. --go-grpc_out=. --go_opt=module=client --go-grpc_opt=module=client \
  $options $files
go build -o client client.go
