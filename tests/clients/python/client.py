#!/usr/bin/env python3
"""An authority's own system: opens a case, and answers the handovers that come.

usage: client.py open REQUEST_ID CPR_NUMBER NAME    prints the case's id
       client.py answer TOKEN_FILE                  goes on until it is ended

The variables of a profile say where and who: EXITBUS_ADDRESS, _CA, _CERT, _KEY, _EMPLOYEE, _PURPOSE.
"""
import os
import queue
import sys
import time

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from exitbus.casework.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc
from exitbus.handover.v1 import handover_pb2, handover_service_pb2, handover_service_pb2_grpc
from exitbus.policy.v1 import basis_pb2
from exitbus.watch.v1 import watch_pb2

WHO = tuple((name, os.environ[variable]) for name, variable in (
    ("exitbus-employee", "EXITBUS_EMPLOYEE"), ("exitbus-purpose", "EXITBUS_PURPOSE")))
LATER = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED)


def connect():
    def content(variable):
        with open(os.environ[variable], "rb") as file:
            return file.read()

    credentials = grpc.ssl_channel_credentials(
        content("EXITBUS_CA"), content("EXITBUS_KEY"), content("EXITBUS_CERT"))
    return grpc.secure_channel(os.environ["EXITBUS_ADDRESS"], credentials,
                               [("grpc.keepalive_time_ms", 30000), ("grpc.max_reconnect_backoff_ms", 1000)])


def rule(error):
    """By which rule the service refused; none: the connection was lost, and the outcome is not known."""
    status = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Unpack(info) and info.domain == "exitbus":
            return info.reason
    return None


def say_again(error):
    """Whether to try again; if not, the refusal stands."""
    if rule(error) and error.code() not in LATER:
        return False
    print("again:", error.code().name, error.details(), flush=True)
    time.sleep(1)
    return True


def call(method, request):
    """The answer. The same request_id is sent until there is one, so that the change happens once."""
    while True:
        try:
            return method(request, metadata=WHO, timeout=10)
        except grpc.RpcError as error:
            if not say_again(error):
                raise


def open_case(channel, request_id, cpr_number, name):
    answer = call(case_service_pb2_grpc.CaseServiceStub(channel).OpenCase, case_service_pb2.OpenCaseRequest(
        request_id=request_id, person=case_pb2.Person(cpr_number=cpr_number, name=name),
        legal_basis=basis_pb2.LEGAL_BASIS_FVL28))
    print("opened", answer.case.case_id, flush=True)


def answer_handover(stub, handover):
    """What is ours to do, by the stage. The etag makes the request_id: one of its own for each state seen."""
    id, etag, stage = handover.handover_id, handover.etag, handover.stage
    print("handover", id, handover_pb2.HandoverStage.Name(stage), etag, flush=True)
    if handover.side != handover_pb2.SIDE_RECEIVER:
        return
    try:
        if stage == handover_pb2.HANDOVER_STAGE_REQUESTED and handover.terms:
            call(stub.AgreeTerms, handover_service_pb2.AgreeTermsRequest(
                request_id="agree-" + etag, handover_id=id, etag=etag))
            print("agreed", id, flush=True)
        elif stage == handover_pb2.HANDOVER_STAGE_TERMS_COORDINATED:
            call(stub.AcceptHandover, handover_service_pb2.AcceptHandoverRequest(
                request_id="accept-" + etag, handover_id=id, etag=etag))
            print("accepted", id, flush=True)
    except grpc.RpcError as error:  # somebody was first: the watch tells how it is now
        print("refused", rule(error), error.details(), flush=True)


def answer(channel, file):
    """Follows the handovers. A token is stored once its message is done with; with it the watch goes on."""
    stub = handover_service_pb2_grpc.HandoverServiceStub(channel)
    ask = handover_service_pb2.WatchHandoversRequest
    token = open(file, encoding="utf-8").read() if os.path.exists(file) else ""
    while True:
        to_send = queue.SimpleQueue()
        to_send.put(ask(begin=watch_pb2.Begin(token=token)))
        try:
            for told in stub.WatchHandovers(iter(to_send.get, None), metadata=WHO):
                if told.HasField("handover"):
                    answer_handover(stub, told.handover)
                token = told.token
                with open(file + ".new", "w", encoding="utf-8") as stored:
                    stored.write(token)
                os.replace(file + ".new", file)
                to_send.put(ask(acknowledge=watch_pb2.Acknowledge(token=token)))
        except grpc.RpcError as error:
            if not say_again(error):
                raise
        finally:
            to_send.put(None)


try:
    {"open": open_case, "answer": answer}[sys.argv[1]](connect(), *sys.argv[2:])
except grpc.RpcError as error:
    sys.exit(f"refused {rule(error)} {error.details()}")
except (KeyError, IndexError, TypeError) as error:
    sys.exit(f"{error}\n{__doc__}")
