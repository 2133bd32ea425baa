// Reads a topic's records with CloudEvents' SDK: reader TOPIC COUNT
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/IBM/sarama"
	"github.com/cloudevents/sdk-go/protocol/kafka_sarama/v2"
	"github.com/cloudevents/sdk-go/v2/binding"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func main() {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(must(os.ReadFile(os.Getenv("EXITBUS_CA"))))
	certificate := must(tls.LoadX509KeyPair(os.Getenv("EXITBUS_CERT"), os.Getenv("EXITBUS_KEY")))
	config := sarama.NewConfig()
	config.Version = sarama.V2_8_0_0
	config.Net.TLS.Enable = true
	config.Net.TLS.Config = &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}}
	consumer := must(sarama.NewConsumer([]string{os.Getenv("EXITBUS_BROKER")}, config))
	records := must(consumer.ConsumePartition(os.Args[1], 0, sarama.OffsetOldest)).Messages()
	for left := must(strconv.Atoi(os.Args[2])); left > 0; left-- {
		select {
		case record := <-records:
			event := must(binding.ToEvent(context.Background(), kafka_sarama.NewMessageFromConsumerMessage(record)))
			must(0, event.Validate())
			fmt.Println("as they are |", event.ID(), event.Source(), event.Type(), event.Time().Format(time.RFC3339),
				event.DataContentType(), event.Extensions()["traceparent"], len(event.Data()))
		case <-time.After(20 * time.Second):
			must(0, fmt.Errorf("no record"))
		}
	}
}
