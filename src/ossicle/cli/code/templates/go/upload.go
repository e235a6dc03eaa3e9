// Uploads a file to a presigned URL with net/http: go run upload.go FILE
package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
)

// presigned: begin
// Good until EXPIRATION. Until then whoever has this URL can use it.
const presignedURL = "URL"

// Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
var signedHeaders = map[string]string{
	"NAME": "VALUE",
}

const defaultFile = "FILE"

// presigned: end

// upload PUTs the file as a stream. Go adds no Content-Type of its own.
func upload(path string) (*http.Response, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPut, presignedURL, file)
	if err != nil {
		return nil, err
	}
	for name, value := range signedHeaders {
		request.Header.Set(name, value)
	}
	// Without a length Go would send chunks. A length of zero means "unknown" unless the body is NoBody.
	request.ContentLength = info.Size()
	if info.Size() == 0 {
		request.Body = http.NoBody
	}
	response, err := http.DefaultClient.Do(request)
	// Go's error repeats the signed URL, which is as good as a password until it expires: keep the cause only.
	var failed *url.Error
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("no answer from the server: %w", failed.Err)
	}
	return response, err
}

// run uploads, prints what the server said, and returns the exit code.
func run(path string) (int, error) {
	response, err := upload(path)
	if err != nil {
		return 2, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 2, err
	}
	requestID := response.Header.Get("x-oss-request-id")
	if response.StatusCode/100 != 2 {
		fmt.Fprintf(os.Stderr, "refused: %d, request %s\n%s\n", response.StatusCode, requestID, body)
		return 1, nil
	}
	fmt.Printf("uploaded: %d, ETag %s, request %s\n", response.StatusCode, response.Header.Get("ETag"), requestID)
	return 0, nil
}

func main() {
	path := defaultFile
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if path == "" {
		fmt.Fprintln(os.Stderr, "usage: go run upload.go FILE")
		os.Exit(2)
	}
	code, err := run(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "upload:", err)
	}
	os.Exit(code)
}
