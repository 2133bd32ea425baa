// An authority's own system: opens a case, and answers the handovers that come.
//
//	client open REQUEST_ID CPR_NUMBER NAME    prints the case's id
//	client answer TOKEN_FILE                  goes on until it is ended
//
// The variables of a profile say where and who: EXITBUS_ADDRESS, _CA, _CERT, _KEY, _EMPLOYEE, _PURPOSE.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	casework "client/exitbus/casework/v1"
	handover "client/exitbus/handover/v1"
	policy "client/exitbus/policy/v1"
	watch "client/exitbus/watch/v1"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused", rule(err), status.Convert(err).Message())
		os.Exit(1)
	}
	return value
}

func connect() *grpc.ClientConn {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(must(os.ReadFile(os.Getenv("EXITBUS_CA"))))
	certificate := must(tls.LoadX509KeyPair(os.Getenv("EXITBUS_CERT"), os.Getenv("EXITBUS_KEY")))
	return must(grpc.NewClient(os.Getenv("EXITBUS_ADDRESS"), grpc.WithTransportCredentials(credentials.NewTLS(
		&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13}))))
}

func who() context.Context {
	return metadata.AppendToOutgoingContext(context.Background(), "exitbus-employee",
		os.Getenv("EXITBUS_EMPLOYEE"), "exitbus-purpose", os.Getenv("EXITBUS_PURPOSE"))
}

// By which rule the service refused; none: the connection was lost, and the outcome is not known.
func rule(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, is := detail.(*errdetails.ErrorInfo); is && info.Domain == "exitbus" {
			return info.Reason
		}
	}
	return ""
}

// Whether to try again, after a moment; if not, the refusal stands.
func again(err error) bool {
	code := status.Code(err)
	if err == nil || rule(err) != "" && code != codes.Unavailable && code != codes.ResourceExhausted {
		return false
	}
	fmt.Println("again:", code, status.Convert(err).Message())
	time.Sleep(time.Second)
	return true
}

// The answer. The same request_id is sent until there is one, so that the change happens once.
func call[Request, Response any](method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request) (Response, error) {
	for {
		within, cancel := context.WithTimeout(who(), 10*time.Second)
		response, err := method(within, request)
		cancel()
		if !again(err) {
			return response, err
		}
	}
}

func open(requestID, cprNumber, name string) {
	answer := must(call(casework.NewCaseServiceClient(connect()).OpenCase, &casework.OpenCaseRequest{
		RequestId: requestID, Person: &casework.Person{CprNumber: cprNumber, Name: name},
		LegalBasis: policy.LegalBasis_LEGAL_BASIS_FVL28}))
	fmt.Println("opened", answer.Case.CaseId)
}

// What is ours to do, by the stage. The etag makes the request_id: one of its own for each state seen.
func answerHandover(client handover.HandoverServiceClient, seen *handover.Handover) {
	id, etag := seen.HandoverId, seen.Etag
	fmt.Println("handover", id, seen.Stage, etag)
	did, err := "", error(nil)
	switch {
	case seen.Side != handover.Side_SIDE_RECEIVER:
	case seen.Stage == handover.HandoverStage_HANDOVER_STAGE_REQUESTED && len(seen.Terms) > 0:
		did = "agreed"
		_, err = call(client.AgreeTerms, &handover.AgreeTermsRequest{
			RequestId: "agree-" + etag, HandoverId: id, Etag: etag})
	case seen.Stage == handover.HandoverStage_HANDOVER_STAGE_TERMS_COORDINATED:
		did = "accepted"
		_, err = call(client.AcceptHandover, &handover.AcceptHandoverRequest{
			RequestId: "accept-" + etag, HandoverId: id, Etag: etag})
	}
	if err != nil { // somebody was first: the watch tells how it is now
		fmt.Println("refused", rule(err), status.Convert(err).Message())
	} else if did != "" {
		fmt.Println(did, id)
	}
}

// Tells what there is to tell until the stream ends. A token is stored once its message is done with.
func follow(client handover.HandoverServiceClient, file string) error {
	token, _ := os.ReadFile(file)
	within, cancel := context.WithCancel(who())
	defer cancel()
	stream, err := client.WatchHandovers(within)
	if err != nil {
		return err
	}
	ask := &handover.WatchHandoversRequest{Message: &handover.WatchHandoversRequest_Begin{
		Begin: &watch.Begin{Token: string(token)}}}
	for {
		_ = stream.Send(ask) // Recv says why, if it fails
		told, err := stream.Recv()
		if err != nil {
			return err
		}
		if told.GetHandover() != nil {
			answerHandover(client, told.GetHandover())
		}
		must(0, os.WriteFile(file+".new", []byte(told.Token), 0o600))
		must(0, os.Rename(file+".new", file))
		ask = &handover.WatchHandoversRequest{Message: &handover.WatchHandoversRequest_Acknowledge{
			Acknowledge: &watch.Acknowledge{Token: told.Token}}}
	}
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "open" {
		open(os.Args[2], os.Args[3], os.Args[4])
	} else if len(os.Args) == 3 && os.Args[1] == "answer" {
		client := handover.NewHandoverServiceClient(connect())
		err := follow(client, os.Args[2])
		for again(err) {
			err = follow(client, os.Args[2])
		}
		must(0, err)
	} else {
		must(0, fmt.Errorf("say open REQUEST_ID CPR_NUMBER NAME, or answer TOKEN_FILE"))
	}
}
