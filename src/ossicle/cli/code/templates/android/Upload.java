import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** Uploads a file to a presigned URL with HttpURLConnection, as on Android: Upload FILE */
public final class Upload {

    // presigned: begin
    // Good until EXPIRATION. Until then whoever has this URL can use it.
    private static final String PRESIGNED_URL = "URL";
    // Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
    private static final String[][] HEADERS = {
        {"NAME", "VALUE"},
    };
    private static final String FILE = "FILE";
    // presigned: end

    /** What the server said. */
    static final class Answer {
        int status;
        String etag;
        String requestId;
        String body;
    }

    /** PUTs the file as a stream. On a device, call it off the main thread. */
    static Answer upload(File file) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(PRESIGNED_URL).openConnection();
        try {
            connection.setRequestMethod("PUT");
            connection.setDoOutput(true);
            // Without this the whole file would be collected in memory first.
            connection.setFixedLengthStreamingMode(file.length());
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(60_000);
            for (String[] header : HEADERS) {
                connection.setRequestProperty(header[0], header[1]);
            }
            IOException sending = send(connection, file);
            return receive(connection, sending);
        } finally {
            connection.disconnect();
        }
    }

    /** Sends the body, and returns what stopped it, if anything did: the server may have answered all the same. */
    private static IOException send(HttpURLConnection connection, File file) throws IOException {
        try (InputStream in = new FileInputStream(file)) {
            OutputStream out = connection.getOutputStream();
            try {
                copy(in, out);
                out.close();
                return null;
            } catch (IOException error) {
                return error;
            }
        }
    }

    private static Answer receive(HttpURLConnection connection, IOException sending) throws IOException {
        Answer answer = new Answer();
        try {
            answer.status = connection.getResponseCode();
        } catch (IOException error) {
            throw sending == null ? error : sending;
        }
        answer.etag = connection.getHeaderField("ETag");
        answer.requestId = connection.getHeaderField("x-oss-request-id");
        // A refusal's body comes from the error stream; getInputStream would throw.
        InputStream in = answer.status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        answer.body = in == null ? "" : readText(in);
        return answer;
    }

    private static String readText(InputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (InputStream closing = in) {
            copy(closing, text);
        }
        return text.toString("UTF-8");
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    public static void main(String[] arguments) {
        String file = arguments.length > 0 ? arguments[0] : FILE;
        if (file.isEmpty()) {
            System.err.println("usage: Upload FILE");
            System.exit(2);
        }
        try {
            Answer answer = upload(new File(file));
            if (answer.status / 100 != 2) {
                System.err.println("refused: " + answer.status + ", request " + answer.requestId + "\n" + answer.body);
                System.exit(1);
            }
            System.out.println(
                    "uploaded: " + answer.status + ", ETag " + answer.etag + ", request " + answer.requestId);
        } catch (IOException error) {
            System.err.println("upload: no answer from the server: " + error);
            System.exit(2);
        }
    }
}
