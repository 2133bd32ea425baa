#!/bin/sh
# java -cp 'target/events.jar:target/lib/*' Reader
set -eu
mvn -B -q -ntp package
