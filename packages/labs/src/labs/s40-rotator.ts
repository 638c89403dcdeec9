/** The function that rotates a password. It signs its calls itself: nothing has to be installed. */
export const ROTATOR = String.raw`import { createHash, createHmac } from "node:crypto";

const sum = (text) => createHash("sha256").update(text).digest("hex");
const seal = (key, text) => createHmac("sha256", key).update(text).digest();

async function call(operation, input) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const url = new URL("/", AWS_ENDPOINT_URL);
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replace(/[:-]|\.\d+/g, "");
  const scope = [time.slice(0, 8), AWS_REGION, "secretsmanager", "aws4_request"];
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    host: url.host,
    "x-amz-content-sha256": sum(body),
    "x-amz-date": time,
    "x-amz-security-token": AWS_SESSION_TOKEN,
    "x-amz-target": "secretsmanager." + operation,
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => name + ":" + headers[name]);
  const asked = ["POST", "/", "", ...lines, "", names.join(";"), sum(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope.join("/"), sum(asked)].join("\n");
  const key = scope.reduce((before, part) => seal(before, part), "AWS4" + AWS_SECRET_ACCESS_KEY);
  const credential = AWS_ACCESS_KEY_ID + "/" + scope.join("/");
  headers.authorization =
    "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + names.join(";") +
    ", Signature=" + seal(key, text).toString("hex");
  delete headers.host;
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  console.log(Step);
  if (Step === "createSecret") {
    const { RandomPassword: SecretString } = await call("GetRandomPassword", {});
    await call("PutSecretValue", { SecretId, ClientRequestToken, SecretString, VersionStages: ["AWSPENDING"] });
  }
  if (Step === "testSecret") {
    await call("GetSecretValue", { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" });
  }
  if (Step === "finishSecret") {
    const { VersionIdsToStages } = await call("DescribeSecret", { SecretId });
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes("AWSCURRENT"));
    const moved = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current };
    await call("UpdateSecretVersionStage", { SecretId, VersionStage: "AWSCURRENT", ...moved });
    const done = { RemoveFromVersionId: ClientRequestToken };
    await call("UpdateSecretVersionStage", { SecretId, VersionStage: "AWSPENDING", ...done });
  }
};
`;
