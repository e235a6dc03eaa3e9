// The STS client of the official Node SDK: assumes a role with a policy of the session's own, and uploads with what it got.
import OSS from "ali-oss";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const given = JSON.parse(Buffer.concat(chunks).toString());
const keys = { accessKeyId: given.accessKeyId, accessKeySecret: given.accessKeySecret };
const sts = new OSS.STS({ ...keys, endpoint: given.endpoint });
const policy = {
  Version: "1",
  Statement: [{ Effect: "Allow", Action: ["oss:PutObject"], Resource: ["acs:oss:*:*:demo/node/*"] }],
};
const { credentials } = await sts.assumeRole(given.role, policy, 900, "node");
const client = new OSS({
  region: `oss-${given.region}`,
  endpoint: given.endpoint,
  bucket: "demo",
  accessKeyId: credentials.AccessKeyId,
  accessKeySecret: credentials.AccessKeySecret,
  stsToken: credentials.SecurityToken,
  authorizationV4: true,
  sldEnable: true,
});

const put = await client.put("node/a", Buffer.from("1"));
const refused = await client.put("elsewhere", Buffer.from("1")).catch((error) => error.code);
const role = await sts.assumeRole("wrong", policy, 900, "node").catch((error) => error.code);
console.log(JSON.stringify({ put: put.res.status, refused, role }));
