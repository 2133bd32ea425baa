#!/usr/bin/env python3
"""Follows an authority's cases through whatever happens to the service or to itself.

usage: watch_client.py --profile FILE --stubs DIR --state FILE [--slowly SECONDS]

Written from the contracts and the README alone. FILE of --profile has KEY=VALUE lines as for exitctl;
DIR holds what protoc made of proto/. What is known (an etag per case) and the token lie in one file
that is replaced whole, so that they are always of one moment. Prints a line per message. Ends with
status 2 if something is told again that was stored before, with status 1 if the watch is refused.
Needs python3-grpcio and python3-protobuf.
"""
import argparse
import json
import os
import queue
import sys
import time


def load(file):
    try:
        with open(file, encoding="utf-8") as stored:
            return json.load(stored)
    except FileNotFoundError:
        return {"token": "", "known": {}, "unseen": []}


def store(file, state):
    with open(file + ".new", "w", encoding="utf-8") as stored:
        json.dump(state, stored)
        stored.flush()
        os.fsync(stored.fileno())
    os.replace(file + ".new", file)


def take_in(state, told, watch_pb2):
    """One message into the state; what it said, in a line."""
    change = told.WhichOneof("change")
    state["token"] = told.token
    if change == "case":
        id, etag = told.case.case_id, told.case.etag
        repeated = state["known"].get(id) == etag and id not in state["unseen"]
        state["known"][id] = etag
        state["unseen"] = [other for other in state["unseen"] if other != id]
        return f"{'REPEATED' if repeated else 'case'} {id} {etag}"
    if change == "gone":
        state["known"].pop(told.gone, None)
        return f"gone {told.gone}"
    if told.marker == watch_pb2.MARKER_SNAPSHOT_BEGINS:
        state["unseen"] = sorted(state["known"])
        return "snapshot"
    if told.marker == watch_pb2.MARKER_CAUGHT_UP:
        for id in state["unseen"]:
            state["known"].pop(id, None)
        state["unseen"] = []
        return "caught up"
    return "something newer than this client"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--stubs", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--slowly", type=float, default=0)
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.stubs)
    import grpc
    from exitbus.casework.v1 import case_service_pb2, case_service_pb2_grpc
    from exitbus.watch.v1 import watch_pb2

    with open(arguments.profile, encoding="utf-8") as file:
        profile = dict(line.strip().split("=", 1) for line in file if "=" in line)

    def content(key):
        with open(profile[key], "rb") as file:
            return file.read()

    channel = grpc.secure_channel(
        profile["EXITBUS_ADDRESS"],
        grpc.ssl_channel_credentials(content("EXITBUS_CA"), content("EXITBUS_KEY"),
                                     content("EXITBUS_CERT")),
        options=[("grpc.keepalive_time_ms", 30000), ("grpc.max_reconnect_backoff_ms", 1000)])
    stub = case_service_pb2_grpc.CaseServiceStub(channel)
    who = (("exitbus-employee", profile["EXITBUS_EMPLOYEE"]),
           ("exitbus-purpose", profile["EXITBUS_PURPOSE"]))
    request = case_service_pb2.WatchCasesRequest
    state = load(arguments.state)
    while True:
        to_send = queue.SimpleQueue()
        to_send.put(request(begin=watch_pb2.Begin(token=state["token"])))
        try:
            for told in stub.WatchCases(iter(to_send.get, None), metadata=who, wait_for_ready=True):
                said = take_in(state, told, watch_pb2)
                store(arguments.state, state)
                print(said, flush=True)
                if said.startswith("REPEATED"):
                    return 2
                time.sleep(arguments.slowly)
                to_send.put(request(acknowledge=watch_pb2.Acknowledge(token=told.token)))
        except grpc.RpcError as error:
            print("ended", error.code().name, error.details(), file=sys.stderr, flush=True)
            refused = "grpc-status-details-bin" in dict(error.trailing_metadata() or ())
            if refused and error.code() != grpc.StatusCode.UNAVAILABLE:
                return 1
        finally:
            to_send.put(None)
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
