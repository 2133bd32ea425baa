#!/bin/sh
# Makes Client.java ready to run in this folder, with the contracts in proto/: java -cp 'target/client.jar:target/lib/*' Client
set -eu
mvn -B -q -ntp package
