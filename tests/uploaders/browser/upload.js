// Uploads a chosen file with fetch to a presigned URL, from a page of any origin that the bucket's CORS rules allow.

/** PUT the file. `headers` are exactly those that were signed with the URL. */
async function upload(url, file, headers) {
  // A File sends its own media type as Content-Type. That was not signed: a slice without a type sends none.
  // Slicing copies nothing.
  const body = file.slice(0, file.size, "");
  const response = await fetch(url, { method: "PUT", body, headers });
  return {
    status: response.status,
    // A page sees these two only if the bucket's CORS rule exposes them.
    etag: response.headers.get("ETag"),
    request_id: response.headers.get("x-oss-request-id"),
    body: await response.text(),
  };
}

function parseHeaders(text) {
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { url, file, headers } = event.target.elements;
  const output = document.querySelector("output");
  output.dataset.state = "busy";
  try {
    const answer = await upload(url.value, file.files[0], parseHeaders(headers.value));
    output.textContent = JSON.stringify(answer);
    output.dataset.state = "answered";
  } catch (error) {
    // The browser does not tell a page why: no connection, or an answer without CORS headers.
    output.textContent = String(error);
    output.dataset.state = "failed";
  }
});
