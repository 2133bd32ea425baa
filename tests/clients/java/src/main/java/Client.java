import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import exitbus.casework.v1.CaseOuterClass.Person;
import exitbus.casework.v1.CaseServiceGrpc;
import exitbus.casework.v1.CaseServiceOuterClass.OpenCaseRequest;
import exitbus.handover.v1.HandoverOuterClass.Handover;
import exitbus.handover.v1.HandoverOuterClass.HandoverStage;
import exitbus.handover.v1.HandoverOuterClass.Side;
import exitbus.handover.v1.HandoverServiceGrpc;
import exitbus.handover.v1.HandoverServiceOuterClass.AcceptHandoverRequest;
import exitbus.handover.v1.HandoverServiceOuterClass.AgreeTermsRequest;
import exitbus.handover.v1.HandoverServiceOuterClass.WatchHandoversRequest;
import exitbus.policy.v1.Basis.LegalBasis;
import exitbus.watch.v1.Watch.Acknowledge;
import exitbus.watch.v1.Watch.Begin;
import io.grpc.*;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * An authority's own system: opens a case, and answers the handovers that come.
 *
 * <p>Client open REQUEST_ID CPR_NUMBER NAME prints the case's id; Client answer TOKEN_FILE goes on until it
 * is ended. The variables of a profile say where and who: EXITBUS_ADDRESS, _CA, _CERT, _KEY, _EMPLOYEE, _PURPOSE.
 */
public final class Client {
  static Channel connect() throws IOException {
    ChannelCredentials credentials = TlsChannelCredentials.newBuilder()
        .trustManager(new File(System.getenv("EXITBUS_CA")))
        .keyManager(new File(System.getenv("EXITBUS_CERT")), new File(System.getenv("EXITBUS_KEY"))).build();
    Metadata who = new Metadata();
    for (String name : new String[] {"employee", "purpose"}) {
      who.put(Metadata.Key.of("exitbus-" + name, Metadata.ASCII_STRING_MARSHALLER),
          System.getenv("EXITBUS_" + name.toUpperCase()));
    }
    return Grpc.newChannelBuilder(System.getenv("EXITBUS_ADDRESS"), credentials)
        .intercept(MetadataUtils.newAttachHeadersInterceptor(who)).build();
  }

  /** By which rule the service refused; null: the connection was lost, and the outcome is not known. */
  static String rule(StatusException error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    try {
      for (Any detail : status.getDetailsList()) {
        if (!detail.is(ErrorInfo.class)) continue;
        ErrorInfo info = detail.unpack(ErrorInfo.class);
        if (info.getDomain().equals("exitbus")) return info.getReason();
      }
    } catch (InvalidProtocolBufferException damaged) {
      return null;
    }
    return null;
  }

  /** Waits a moment, after which it may be tried again; if the refusal stands, throws it. */
  static void again(StatusException error) throws StatusException, InterruptedException {
    Status.Code code = error.getStatus().getCode();
    boolean later = code == Status.Code.UNAVAILABLE || code == Status.Code.RESOURCE_EXHAUSTED;
    if (rule(error) != null && !later) throw error;
    System.out.println("again: " + code + " " + error.getStatus().getDescription());
    Thread.sleep(1000);
  }

  /** The answer. The same request_id is sent until there is one, so that the change happens once. */
  static <Q, A> A call(Channel channel, MethodDescriptor<Q, A> method, Q request)
      throws StatusException, InterruptedException {
    while (true) {
      try {
        return ClientCalls.blockingV2UnaryCall(
            channel, method, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), request);
      } catch (StatusException error) {
        again(error);
      }
    }
  }

  static void open(Channel channel, String requestId, String cprNumber, String name) throws Exception {
    var request = OpenCaseRequest.newBuilder().setRequestId(requestId).setLegalBasis(LegalBasis.LEGAL_BASIS_FVL28)
        .setPerson(Person.newBuilder().setCprNumber(cprNumber).setName(name)).build();
    var answer = call(channel, CaseServiceGrpc.getOpenCaseMethod(), request);
    System.out.println("opened " + answer.getCase().getCaseId());
  }

  /** What is ours to do, by the stage. The etag makes the request_id: one of its own for each state seen. */
  static void answerHandover(Channel channel, Handover seen) throws InterruptedException {
    String id = seen.getHandoverId();
    String etag = seen.getEtag();
    System.out.println("handover " + id + " " + seen.getStage() + " " + etag);
    if (seen.getSide() != Side.SIDE_RECEIVER) return;
    try {
      if (seen.getStage() == HandoverStage.HANDOVER_STAGE_REQUESTED && seen.getTermsCount() > 0) {
        call(channel, HandoverServiceGrpc.getAgreeTermsMethod(), AgreeTermsRequest.newBuilder()
            .setRequestId("agree-" + etag).setHandoverId(id).setEtag(etag).build());
        System.out.println("agreed " + id);
      } else if (seen.getStage() == HandoverStage.HANDOVER_STAGE_TERMS_COORDINATED) {
        call(channel, HandoverServiceGrpc.getAcceptHandoverMethod(), AcceptHandoverRequest.newBuilder()
            .setRequestId("accept-" + etag).setHandoverId(id).setEtag(etag).build());
        System.out.println("accepted " + id);
      }
    } catch (StatusException error) { // somebody was first: the watch tells how it is now
      System.out.println("refused " + rule(error) + " " + error.getStatus().getDescription());
    }
  }

  /** Follows the handovers. A token is stored once its message is done with; with it the watch goes on. */
  static void answer(Channel channel, Path file) throws Exception {
    String token = Files.exists(file) ? Files.readString(file) : "";
    while (true) {
      var stream = ClientCalls.blockingBidiStreamingCall(
          channel, HandoverServiceGrpc.getWatchHandoversMethod(), CallOptions.DEFAULT);
      var ask = WatchHandoversRequest.newBuilder().setBegin(Begin.newBuilder().setToken(token));
      try {
        while (true) {
          stream.write(ask.build());
          var told = stream.read();
          if (told == null) break;
          if (told.hasHandover()) answerHandover(channel, told.getHandover());
          token = told.getToken();
          Path stored = Files.writeString(Path.of(file + ".new"), token);
          Files.move(stored, file, StandardCopyOption.ATOMIC_MOVE);
          ask = WatchHandoversRequest.newBuilder().setAcknowledge(Acknowledge.newBuilder().setToken(token));
        }
      } catch (StatusException error) {
        again(error);
      }
    }
  }

  public static void main(String[] words) throws Exception {
    try {
      if (words.length == 4 && words[0].equals("open")) {
        open(connect(), words[1], words[2], words[3]);
      } else if (words.length == 2 && words[0].equals("answer")) {
        answer(connect(), Path.of(words[1]));
      } else {
        System.err.println("say open REQUEST_ID CPR_NUMBER NAME, or answer TOKEN_FILE");
        System.exit(2);
      }
    } catch (StatusException error) {
      System.err.println("refused " + rule(error) + " " + error.getStatus().getDescription());
      System.exit(1);
    }
  }
}
