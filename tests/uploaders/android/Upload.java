import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Map;

/** Uploads a file with HttpURLConnection, as on Android, to a presigned URL: Upload URL FILE ['HEADER: VALUE']... */
public final class Upload {

    /** What the server said. */
    private static final class Answer {
        int status;
        String etag;
        String requestId;
        String body;
    }

    /** PUTs the file as a stream. On a device, call it off the main thread. */
    static Answer upload(String url, File file, Map<String, String> headers) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        try {
            connection.setRequestMethod("PUT");
            connection.setDoOutput(true);
            // Without this the whole file would be collected in memory first.
            connection.setFixedLengthStreamingMode(file.length());
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(60_000);
            for (Map.Entry<String, String> header : headers.entrySet()) {
                connection.setRequestProperty(header.getKey(), header.getValue());
            }
            IOException sending = send(connection, file);
            return receive(connection, sending);
        } finally {
            connection.disconnect();
        }
    }

    /** Sends the body, and returns what stopped it, if anything did: the server may have answered all the same. */
    private static IOException send(HttpURLConnection connection, File file) throws IOException {
        OutputStream out = connection.getOutputStream();
        try (InputStream in = new FileInputStream(file)) {
            copy(in, out);
            out.close();
            return null;
        } catch (IOException error) {
            return error;
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

    private static String json(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    public static void main(String[] arguments) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 2; i < arguments.length; i++) {
            String[] parts = arguments[i].split(":", 2);
            headers.put(parts[0], parts[1].trim());
        }
        try {
            Answer answer = upload(arguments[0], new File(arguments[1]), headers);
            System.out.printf("{\"status\": %d, \"etag\": %s, \"request_id\": %s, \"body\": %s}%n",
                    answer.status, json(answer.etag), json(answer.requestId), json(answer.body));
            System.exit(answer.status / 100 == 2 ? 0 : 1);
        } catch (IOException error) {
            System.err.println("Upload: no answer from the server: " + error);
            System.exit(2);
        }
    }
}
