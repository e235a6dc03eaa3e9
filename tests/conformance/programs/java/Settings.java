import com.aliyun.oss.OSS;
import com.aliyun.oss.model.BucketReferer;
import com.aliyun.oss.model.GenericRequest;
import com.aliyun.oss.model.LifecycleRule;
import com.aliyun.oss.model.ServerSideEncryptionByDefault;
import com.aliyun.oss.model.ServerSideEncryptionConfiguration;
import com.aliyun.oss.model.SetBucketEncryptionRequest;
import com.aliyun.oss.model.SetBucketLifecycleRequest;
import com.aliyun.oss.model.SetBucketTaggingRequest;
import com.aliyun.oss.model.SetBucketWebsiteRequest;
import java.util.List;
import java.util.Map;

/** Settings of a bucket: some of them put, read and deleted. */
final class Settings {
    private Settings() {}

    static Map<String, Object> use(OSS client, Program.Input given) {
        String bucket = given.bucket;
        put(client, bucket);
        Map<String, Object> told =
                Map.of(
                        "days", client.getBucketLifecycle(bucket).get(0).getExpirationDays(),
                        "tags", client.getBucketTagging(new GenericRequest(bucket)).getAllTags(),
                        "referers", client.getBucketReferer(bucket).getRefererList(),
                        "index", client.getBucketWebsite(bucket).getIndexDocument(),
                        "algorithm",
                                client.getBucketEncryption(bucket)
                                        .getApplyServerSideEncryptionByDefault()
                                        .getSSEAlgorithm());
        client.deleteBucketLifecycle(bucket);
        client.deleteBucketTagging(new GenericRequest(bucket));
        client.deleteBucketWebsite(bucket);
        client.deleteBucketEncryption(bucket);
        return told;
    }

    private static void put(OSS client, String bucket) {
        SetBucketLifecycleRequest lifecycle = new SetBucketLifecycleRequest(bucket);
        lifecycle.AddLifecycleRule(new LifecycleRule("r1", "log/", LifecycleRule.RuleStatus.Enabled, 3));
        client.setBucketLifecycle(lifecycle);
        client.setBucketTagging(new SetBucketTaggingRequest(bucket, Map.of("k", "v")));
        client.setBucketReferer(bucket, new BucketReferer(true, List.of("http://a.example")));
        SetBucketWebsiteRequest website = new SetBucketWebsiteRequest(bucket);
        website.setIndexDocument("index.html");
        client.setBucketWebsite(website);
        ServerSideEncryptionConfiguration encryption = new ServerSideEncryptionConfiguration();
        encryption.setApplyServerSideEncryptionByDefault(new ServerSideEncryptionByDefault("AES256"));
        client.setBucketEncryption(new SetBucketEncryptionRequest(bucket, encryption));
    }
}
