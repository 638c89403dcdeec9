/** Forms as browsers upload files to S3 with, signed as S3's users sign them. */
import { createHmac } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { s3World } from "./s3-world.ts";
import type { TestCloud, TestCredentials } from "./test-cloud.ts";

const Bucket = "photos";

const ROOT: TestCredentials = { accessKeyId: "test", secretAccessKey: "test" };

type Condition = Readonly<Record<string, string>> | readonly (string | number)[];

interface Form {
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
  readonly file?: string;
  readonly fileName?: string | undefined;
  readonly expiration?: string;
  readonly as?: TestCredentials;
  readonly version?: 2 | 4;
  /** Instead of the policy that the conditions make. */
  readonly policy?: string;
}

const BOUNDARY = "----boundary";

export const multipart = (fields: Readonly<Record<string, string>>, file?: string, fileName?: string): string => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
  );
  if (file !== undefined) {
    const named = fileName === undefined ? "" : `; filename="${fileName}"`;
    parts.push(`Content-Disposition: form-data; name="file"${named}\r\nContent-Type: text/plain\r\n\r\n${file}`);
  }
  return `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join("")}--${BOUNDARY}--\r\n`;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The fields that sign `policy` in version 4, and the conditions that they want. */
function signV4({ accessKeyId, sessionToken }: TestCredentials, now: Date) {
  const stamp = `${now.toISOString().slice(0, 19)}Z`.replaceAll(/[-:]/g, "");
  return {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${accessKeyId}/${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "x-amz-date": stamp,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
}

function signatureOf(policy: string, { secretAccessKey }: TestCredentials, date: string): string {
  const scope = [date.slice(0, 8), "us-east-1", "s3", "aws4_request"];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, policy).toString("hex");
}

export async function uploads(given?: TestCloud) {
  const world = await s3World(Bucket, given);
  const { cloud, s3 } = world;
  const sendForm = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await cloud.send({
      method: "POST",
      path: `/${Bucket}`,
      headers: { host: "localhost:4566", "content-type": `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
      body,
    });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  };
  /** A form whose policy has a condition for each field, and those given. */
  const signed = (form: Form): Record<string, string> => {
    const { fields = {}, conditions = [], as = ROOT, version = 4 } = form;
    const now = cloud.clock.now();
    const signing = version === 4 ? signV4(as, now) : {};
    const named = conditions.flatMap((one) => (Array.isArray(one) ? [String(one[1]).slice(1)] : Object.keys(one)));
    const rest = Object.entries({ bucket: Bucket, ...fields, ...signing })
      .filter(([name]) => !named.some((other) => other.toLowerCase() === name.toLowerCase()))
      .map(([name, value]) => ({ [name]: value }));
    const { expiration = new Date(now.getTime() + 3_600_000).toISOString() } = form;
    const document = form.policy ?? JSON.stringify({ expiration, conditions: [...rest, ...conditions] });
    const policy = Buffer.from(document).toString("base64");
    if (version === 2) {
      const signature = createHmac("sha1", as.secretAccessKey).update(policy).digest("base64");
      return { ...fields, AWSAccessKeyId: as.accessKeyId, policy, signature };
    }
    const signature = signatureOf(policy, as, signV4(as, now)["x-amz-date"]);
    return { ...fields, ...signing, policy, "x-amz-signature": signature };
  };
  const post = (
    form: Form,
    change: (fields: Record<string, string>) => Record<string, string> = (fields) => fields,
  ) => {
    const { file = "meow", fileName = "cat.txt" } = form;
    return sendForm(
      multipart(
        change(signed({ fields: { key: "cat" }, ...form })),
        file,
        "fileName" in form ? form.fileName : fileName,
      ),
    );
  };
  const textOf = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  return { ...world, sendForm, signed, post, textOf };
}
