#!/usr/bin/env python3
"""A gRPC client that is not ours: knows none of the contracts and learns them by server reflection.

usage: outside_client.py --profile FILE                     lists the services
       outside_client.py --profile FILE SERVICE/METHOD [JSON]

FILE has KEY=VALUE lines: EXITBUS_ADDRESS, EXITBUS_CA, EXITBUS_CERT, EXITBUS_KEY, and for the request's
metadata EXITBUS_EMPLOYEE and EXITBUS_PURPOSE. Prints the answer as JSON; on a refusal the status code
and its text, and ends with status 1. Needs python3-grpcio and python3-protobuf.
"""
import argparse
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
# Field numbers of ServerReflectionRequest and ServerReflectionResponse.
BY_FILE, BY_SYMBOL, LIST = 3, 4, 7
FILES, SERVICES = 4, 6


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(number, bytes) of each length-delimited field; the others are passed over."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        elif tag & 7 == 0:
            _, at = varint(data, at)
        else:
            raise ValueError("unexpected wire type in a reflection answer")


def ask(channel, number, text):
    call = channel.stream_stream(REFLECTION)
    request = bytes([number << 3 | 2, len(text)]) + text.encode()
    return dict(fields(next(call(iter([request])))))


class Contracts:
    """What the server tells of its services."""

    def __init__(self, channel):
        self.channel = channel
        self.pool = descriptor_pool.DescriptorPool()
        self.known = set()

    def services(self):
        listed = ask(self.channel, LIST, "*")[SERVICES]
        return sorted(dict(fields(entry))[1].decode() for _, entry in fields(listed))

    def add(self, answer):
        for _, content in fields(answer[FILES]):
            file = descriptor_pb2.FileDescriptorProto.FromString(content)
            if file.name in self.known:
                continue
            self.known.add(file.name)
            for name in file.dependency:
                if name not in self.known:
                    self.add(ask(self.channel, BY_FILE, name))
            self.pool.Add(file)

    def method(self, path):
        service, _, name = path.rpartition("/")
        self.add(ask(self.channel, BY_SYMBOL, service))
        return self.pool.FindServiceByName(service).FindMethodByName(name)


def connect(profile):
    def content(key):
        with open(profile[key], "rb") as file:
            return file.read()

    credentials = grpc.ssl_channel_credentials(
        content("EXITBUS_CA"), content("EXITBUS_KEY"), content("EXITBUS_CERT"))
    return grpc.secure_channel(profile["EXITBUS_ADDRESS"], credentials)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--profile", required=True)
    parser.add_argument("method", nargs="?")
    parser.add_argument("json", nargs="?", default="{}")
    arguments = parser.parse_args()
    with open(arguments.profile, encoding="utf-8") as file:
        profile = dict(line.strip().split("=", 1) for line in file if "=" in line)
    channel = connect(profile)
    contracts = Contracts(channel)
    if not arguments.method:
        print("\n".join(contracts.services()))
        return 0
    method = contracts.method(arguments.method)
    factory = message_factory.MessageFactory(contracts.pool)
    request = json_format.Parse(arguments.json, factory.GetPrototype(method.input_type)(),
                                descriptor_pool=contracts.pool)
    call = channel.unary_unary(
        "/" + arguments.method, request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=factory.GetPrototype(method.output_type).FromString)
    try:
        answer = call(request, timeout=10, metadata=(
            ("exitbus-employee", profile.get("EXITBUS_EMPLOYEE", "")),
            ("exitbus-purpose", profile.get("EXITBUS_PURPOSE", ""))))
    except grpc.RpcError as error:
        print(error.code().name, error.details(), file=sys.stderr)
        return 1
    print(json_format.MessageToJson(answer, descriptor_pool=contracts.pool))
    return 0


if __name__ == "__main__":
    sys.exit(main())
