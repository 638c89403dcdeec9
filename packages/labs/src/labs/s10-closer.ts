/** The function that makes private what somebody has made public. It signs its calls itself: nothing has to be installed. */
export const CLOSER = String.raw`import { createHash, createHmac } from "node:crypto";

const sum = (text) => createHash("sha256").update(text).digest("hex");
const seal = (key, text) => createHmac("sha256", key).update(text).digest();

async function s3(method, path, query, more = {}) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const url = new URL(path + "?" + query, AWS_ENDPOINT_URL);
  const time = new Date().toISOString().replace(/[:-]|\.\d+/g, "");
  const scope = [time.slice(0, 8), AWS_REGION, "s3", "aws4_request"];
  const headers = { ...more, host: url.host, "x-amz-content-sha256": sum(""), "x-amz-date": time };
  headers["x-amz-security-token"] = AWS_SESSION_TOKEN;
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => name + ":" + headers[name]);
  const asked = [method, url.pathname, query + "=", ...lines, "", names.join(";"), sum("")].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sum(asked)].join("\n");
  const key = scope.reduce((before, part) => seal(before, part), "AWS4" + AWS_SECRET_ACCESS_KEY);
  const signature = seal(key, text).toString("hex");
  const credential = AWS_ACCESS_KEY_ID + "/" + scope.join("/");
  headers.authorization =
    "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + names.join(";") + ", Signature=" + signature;
  delete headers.host;
  const answer = await fetch(url, { method, headers });
  const body = await answer.text();
  if (!answer.ok) throw new Error(answer.status + " " + body);
  return body;
}

export const handler = async (event) => {
  const [record] = event.Records ?? [];
  const { bucketName, key } = event.detail?.requestParameters ?? {
    bucketName: record.s3.bucket.name,
    key: record.s3.object.key,
  };
  const path = "/" + bucketName + "/" + key;
  const list = await s3("GET", path, "acl");
  if (!list.includes("/groups/global/AllUsers")) return "private";
  console.log("put-object-acl private", key, event.id ?? record.responseElements);
  await s3("PUT", path, "acl", { "x-amz-acl": "private" });
  return "closed";
};
`;
