import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPut;
import org.apache.http.entity.FileEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Uploads a file with Apache HttpClient 4 to a presigned URL: Upload URL FILE ['HEADER: VALUE']... */
public final class Upload {

    /** What the server said. */
    private static final class Answer {
        int status;
        String etag;
        String requestId;
        String body;
    }

    /** PUTs the file as a stream with its length. A FileEntity without a type adds no Content-Type. */
    static Answer upload(String url, File file, Map<String, String> headers) throws IOException {
        HttpPut put = new HttpPut(url);
        put.setEntity(new FileEntity(file));
        // The URL was signed as it stands; "normalising" would merge slashes of the key.
        put.setConfig(RequestConfig.custom().setNormalizeUri(false).build());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            put.setHeader(header.getKey(), header.getValue());
        }
        try (CloseableHttpClient client = HttpClients.createDefault();
                CloseableHttpResponse response = client.execute(put)) {
            Answer answer = new Answer();
            answer.status = response.getStatusLine().getStatusCode();
            answer.etag = valueOrNull(response, "ETag");
            answer.requestId = valueOrNull(response, "x-oss-request-id");
            HttpEntity entity = response.getEntity();
            answer.body = entity == null ? "" : EntityUtils.toString(entity, StandardCharsets.UTF_8);
            return answer;
        }
    }

    private static String valueOrNull(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
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
