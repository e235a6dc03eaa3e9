import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The official Java SDK as a program that tests talk to: a JSON line in is one call, a JSON line out its outcome.
 * ../README.md has the words of it.
 */
public class Program {
    /** Which client makes a call. */
    record Settings(
            String endpoint,
            String region,
            String accessKeyId,
            String accessKeySecret,
            String securityToken,
            String style,
            String signature) {}

    /** What a call is given; each takes what it needs of it. */
    static class Input {
        String bucket;
        String key;
        String versionId;
        String body = "";
        String contentType;
        String cacheControl;
        String contentMd5;
        Map<String, String> metadata;
        String storageClass;
        String acl;
        boolean forbidOverwrite;
        Map<String, String> headers = Map.of();
        String ifMatch;
        String ifNoneMatch;
        long ifModifiedSince;
        long ifUnmodifiedSince;
        List<Long> range;
        String responseContentType;
        String sourceBucket;
        String sourceKey;
        List<String> keys;
        boolean quiet;
        String prefix;
        String delimiter;
        String startAfter;
        Integer pageSize;
        String uploadId;
        int partNumber;
        List<Part> parts;
        String path;
        long partSize;
        String method;
        long expires;
        long position;
        String target;
        Map<String, String> tags;
        String status;
        Whom callback;
        Rule rule;
    }

    /** What pages of other origins may do. */
    record Rule(List<String> origins, List<String> methods, List<String> headers, List<String> exposed, int seconds) {}

    /** Whom the service tells of an upload, and what. */
    record Whom(String url, String body, String type, Map<String, String> variables) {}

    /** A part that was uploaded. */
    record Part(int number, String etag) {}

    record Line(Settings client, String call, Input with) {}

    interface Call {
        Map<String, Object> make(OSS client, Input given) throws Throwable;
    }

    private static final Gson GSON =
            new GsonBuilder()
                    .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                    .disableHtmlEscaping()
                    .create();

    private final Map<Settings, OSS> clients = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        Program program = new Program();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answers.println(GSON.toJson(program.outcome(GSON.fromJson(line, Line.class))));
        }
    }

    private Map<String, Object> outcome(Line line) {
        Call call = Calls.ALL.get(line.call());
        if (call == null) {
            return Map.of("broken", "no call " + line.call());
        }
        try {
            return Map.of("result", call.make(clients.computeIfAbsent(line.client(), Program::client), line.with()));
        } catch (OSSException refusal) {
            // The status is nowhere to be had.
            Map<String, Object> told = new HashMap<>();
            told.put("code", refusal.getErrorCode());
            told.put("message", refusal.getErrorMessage());
            told.put("request_id", refusal.getRequestId());
            told.put("host_id", refusal.getHostId());
            told.put("ec", refusal.getEC());
            return Map.of("refusal", told);
        } catch (Throwable error) {
            return Map.of("broken", error.toString());
        }
    }

    private static OSS client(Settings settings) {
        ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
        configuration.setSLDEnabled(settings.style().equals("path") || settings.style().equals("ip"));
        // It takes every host that is not Alibaba's for a custom domain, unless it is told that there are none.
        configuration.setSupportCname(settings.style().equals("cname"));
        configuration.setEnableAutoCorrectClockSkew(true);
        configuration.setSignatureVersion(settings.signature().equals("v1") ? SignVersion.V1 : SignVersion.V4);
        String token = settings.securityToken().isEmpty() ? null : settings.securityToken();
        return OSSClientBuilder.create()
                .endpoint(settings.endpoint())
                .region(settings.region())
                .credentialsProvider(
                        new DefaultCredentialProvider(settings.accessKeyId(), settings.accessKeySecret(), token))
                .clientConfiguration(configuration)
                .build();
    }
}
