// The official Go SDK V2 as a program that tests talk to: a JSON line in is one call, a JSON line out its outcome.
// ../README.md has the words of it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
)

// Settings say which client makes a call.
type Settings struct {
	Endpoint        string `json:"endpoint"`
	Region          string `json:"region"`
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
	SecurityToken   string `json:"security_token"`
	Style           string `json:"style"`
	Signature       string `json:"signature"`
}

// Call is a line of input.
type Call struct {
	Client Settings        `json:"client"`
	Name   string          `json:"call"`
	With   json.RawMessage `json:"with"`
}

// Out is what a call gives; values that are missing are left out or null.
type Out = map[string]any

type handler func(ctx context.Context, client *oss.Client, with Input) (Out, error)

var clients = map[Settings]*oss.Client{}

func main() {
	lines := bufio.NewReader(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		answers.Encode(outcome(line))
	}
}

func outcome(line []byte) Out {
	var call Call
	var with Input
	if err := json.Unmarshal(line, &call); err != nil {
		return Out{"broken": err.Error()}
	}
	if err := json.Unmarshal(call.With, &with); err != nil {
		return Out{"broken": err.Error()}
	}
	handle, ok := handlers[call.Name]
	if !ok {
		return Out{"broken": "no call " + call.Name}
	}
	result, err := handle(context.Background(), clientOf(call.Client), with)
	var refusal *oss.ServiceError
	switch {
	case errors.As(err, &refusal):
		return Out{"refusal": Out{
			"status": refusal.StatusCode, "code": refusal.Code, "message": refusal.Message,
			"request_id": refusal.RequestID, "ec": refusal.EC,
		}}
	case err != nil:
		return Out{"broken": err.Error()}
	}
	return Out{"result": result}
}

func clientOf(settings Settings) *oss.Client {
	if client, ok := clients[settings]; ok {
		return client
	}
	config := oss.LoadDefaultConfig().
		WithRegion(settings.Region).
		WithEndpoint(settings.Endpoint).
		WithCredentialsProvider(credentialsOf(settings)).
		WithUsePathStyle(settings.Style == "path").
		WithUseCName(settings.Style == "cname")
	if settings.Signature == "v1" {
		config.WithSignatureVersion(oss.SignatureVersionV1)
	}
	if hosts := os.Getenv("CONFORMANCE_HOSTS"); hosts != "" {
		config.WithHttpClient(clientWithHosts(hosts))
	}
	clients[settings] = oss.NewClient(config)
	return clients[settings]
}

func credentialsOf(settings Settings) credentials.CredentialsProvider {
	if settings.AccessKeyID == "" {
		return credentials.NewAnonymousCredentialsProvider()
	}
	return credentials.NewStaticCredentialsProvider(
		settings.AccessKeyID, settings.AccessKeySecret, settings.SecurityToken)
}

// clientWithHosts knows the names of a file like /etc/hosts, which Go's resolver can't be given.
func clientWithHosts(path string) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		known, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for _, line := range strings.Split(string(known), "\n") {
			if fields := strings.Fields(line); len(fields) == 2 && fields[1] == host {
				return dialer.DialContext(ctx, network, net.JoinHostPort(fields[0], port))
			}
		}
		return dialer.DialContext(ctx, network, address)
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}
}

// text makes a null of an empty text: an option that was not asked for.
func text(value string) *string {
	if value == "" {
		return nil
	}
	return oss.Ptr(value)
}

func date(seconds int64) *string {
	if seconds == 0 {
		return nil
	}
	return oss.Ptr(time.Unix(seconds, 0).UTC().Format(http.TimeFormat))
}

func rangeOf(ends []int64) *string {
	switch {
	case len(ends) != 2:
		return nil
	case ends[0] < 0:
		return oss.Ptr(fmt.Sprintf("bytes=-%d", ends[1]))
	case ends[1] < 0:
		return oss.Ptr(fmt.Sprintf("bytes=%d-", ends[0]))
	}
	return oss.Ptr(fmt.Sprintf("bytes=%d-%d", ends[0], ends[1]))
}
