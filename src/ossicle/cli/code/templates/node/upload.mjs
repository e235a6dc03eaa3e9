// Uploads a file to a presigned URL with axios (npm install axios): node upload.mjs FILE
import { createReadStream, statSync } from "node:fs";

import axios from "axios";

// presigned: begin
// Good until EXPIRATION. Until then whoever has this URL can use it.
const URL = "URL";
// Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
const HEADERS = {
  "NAME": "VALUE",
};
const FILE = "FILE";
// presigned: end

/** PUT the file as a stream, with its length: without that axios would send chunks. */
function upload(file) {
  const headers = { ...HEADERS, "Content-Length": statSync(file).size };
  // axios labels a body without a type "application/x-www-form-urlencoded". That was not signed: only `false` keeps
  // the header away, `undefined` does not.
  if (!Object.keys(headers).some((name) => /^content-type$/i.test(name))) headers["Content-Type"] = false;
  return axios.put(URL, createReadStream(file), {
    headers,
    maxBodyLength: Infinity,
    // Following redirects would keep the whole body in memory for a second attempt.
    maxRedirects: 0,
    // A refusal is an answer to read, not an exception; its body stays text.
    validateStatus: () => true,
    responseType: "text",
    transformResponse: (text) => text,
  });
}

const file = process.argv[2] ?? FILE;
if (!file) {
  console.error("usage: node upload.mjs FILE");
  process.exit(2);
}
try {
  const { status, headers, data } = await upload(file);
  const request = headers["x-oss-request-id"];
  // Leave once the words are out, even if the rest of a refused body is still on its way.
  if (status >= 200 && status < 300) {
    process.stdout.write(`uploaded: ${status}, ETag ${headers["etag"]}, request ${request}\n`, () => process.exit(0));
  } else {
    process.stderr.write(`refused: ${status}, request ${request}\n${data}\n`, () => process.exit(1));
  }
} catch (error) {
  console.error(`upload: no answer from the server: ${error.message}`);
  process.exitCode = 2;
}
