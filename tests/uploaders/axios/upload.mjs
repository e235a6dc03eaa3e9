// Uploads a file with axios to a presigned URL: node upload.mjs URL FILE ['HEADER: VALUE']...
import { createReadStream } from "node:fs";

import axios from "axios";

/** PUT the file as a stream: axios does not know its length, so the body travels in chunks. */
function upload(url, file, headers) {
  return axios.put(url, createReadStream(file), {
    // axios labels a body without a type "application/x-www-form-urlencoded". That was not signed: only `false` keeps
    // the header away, `undefined` does not.
    headers: { "Content-Type": false, ...headers },
    maxBodyLength: Infinity,
    // Following redirects would keep the whole body in memory for a second attempt.
    maxRedirects: 0,
    // A refusal is an answer to read, not an exception; its body stays text.
    validateStatus: () => true,
    responseType: "text",
    transformResponse: (text) => text,
  });
}

function parseHeaders(lines) {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon);
      // One spelling, so that a given type replaces the `false` above.
      return [/^content-type$/i.test(name) ? "Content-Type" : name, line.slice(colon + 1).trim()];
    }),
  );
}

const [url, file, ...lines] = process.argv.slice(2);
try {
  const response = await upload(url, file, parseHeaders(lines));
  const answer = {
    status: response.status,
    etag: response.headers["etag"] ?? null,
    request_id: response.headers["x-oss-request-id"] ?? null,
    body: response.data,
  };
  // Leave once the line is out, even if the rest of a refused body is still on its way.
  const code = response.status >= 200 && response.status < 300 ? 0 : 1;
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(code));
} catch (error) {
  console.error(`upload.mjs: no answer from the server: ${error.message}`);
  process.exitCode = 2;
}
