// Uploads a file with net/http to a presigned URL: upload URL FILE ['HEADER: VALUE']...
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// upload PUTs the file as a stream. Go adds no Content-Type of its own.
func upload(target string, path string, headers http.Header) (*http.Response, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPut, target, file)
	if err != nil {
		return nil, err
	}
	request.Header = headers
	// Without a length Go would send chunks. A length of zero means "unknown" unless the body is NoBody.
	request.ContentLength = info.Size()
	if info.Size() == 0 {
		request.Body = http.NoBody
	}
	response, err := http.DefaultClient.Do(request)
	// Go's error repeats the signed URL, which is as good as a password until it expires: keep the cause only.
	var failed *url.Error
	if errors.As(err, &failed) {
		return nil, failed.Err
	}
	return response, err
}

// optional is nil, printed as null, for a header that did not come.
func optional(headers http.Header, name string) *string {
	if value := headers.Get(name); value != "" {
		return &value
	}
	return nil
}

func run(arguments []string) (int, error) {
	headers := http.Header{}
	for _, line := range arguments[2:] {
		name, value, _ := strings.Cut(line, ":")
		headers.Set(name, strings.TrimSpace(value))
	}
	response, err := upload(arguments[0], arguments[1], headers)
	if err != nil {
		return 2, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 2, err
	}
	answer := struct {
		Status    int     `json:"status"`
		ETag      *string `json:"etag"`
		RequestID *string `json:"request_id"`
		Body      string  `json:"body"`
	}{response.StatusCode, optional(response.Header, "ETag"), optional(response.Header, "x-oss-request-id"), string(body)}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return 2, err
	}
	if response.StatusCode/100 != 2 {
		return 1, nil
	}
	return 0, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: upload URL FILE ['HEADER: VALUE']...")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "upload: no answer from the server:", err)
	}
	os.Exit(code)
}
