import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPut;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.entity.FileEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Uploads a file to a presigned URL with Apache HttpClient (org.apache.httpcomponents:httpclient:4.5.14): Upload FILE */
public final class Upload {

    // presigned: begin
    // Good until EXPIRATION. Until then whoever has this URL can use it.
    private static final String URL = "URL";
    // Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
    private static final String[][] HEADERS = {
        {"NAME", "VALUE"},
    };
    private static final String FILE = "FILE";
    // presigned: end

    /** PUTs the file as a stream with its length, prints what the server said, and returns the exit code. */
    static int upload(File file) throws IOException {
        HttpPut put = new HttpPut(URL);
        // A FileEntity without a type adds no Content-Type.
        put.setEntity(new FileEntity(file));
        // The URL was signed as it stands; "normalising" would merge slashes of the key.
        put.setConfig(RequestConfig.custom().setNormalizeUri(false).build());
        for (String[] header : HEADERS) {
            put.setHeader(header[0], header[1]);
        }
        // Header values were signed in UTF-8; HttpClient would put a question mark for what is not ASCII.
        ConnectionConfig utf8 = ConnectionConfig.custom().setCharset(StandardCharsets.UTF_8).build();
        try (CloseableHttpClient client = HttpClients.custom().setDefaultConnectionConfig(utf8).build();
                CloseableHttpResponse response = client.execute(put)) {
            int status = response.getStatusLine().getStatusCode();
            String request = value(response, "x-oss-request-id");
            if (status / 100 != 2) {
                HttpEntity entity = response.getEntity();
                String body = entity == null ? "" : EntityUtils.toString(entity, StandardCharsets.UTF_8);
                System.err.println("refused: " + status + ", request " + request + "\n" + body);
                return 1;
            }
            System.out.println("uploaded: " + status + ", ETag " + value(response, "ETag") + ", request " + request);
            return 0;
        }
    }

    private static String value(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? "" : header.getValue();
    }

    public static void main(String[] arguments) {
        String file = arguments.length > 0 ? arguments[0] : FILE;
        if (file.isEmpty()) {
            System.err.println("usage: Upload FILE");
            System.exit(2);
        }
        try {
            System.exit(upload(new File(file)));
        } catch (IOException error) {
            System.err.println("upload: no answer from the server: " + error);
            System.exit(2);
        }
    }
}
