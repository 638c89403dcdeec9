import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasAwsCli, rootShell, Shell, type Issued } from "./clients/aws-cli.ts";
import { policy, trust } from "./clients/policy-text.ts";
import { startServer, type RunningServer } from "./clients/running-server.ts";

const LONG = { timeout: 120_000 };
const A_WHILE_AGO = new Date("2026-01-01T00:00:00Z");
const MIB = 1024 * 1024;

/** One server for all tests of a group, each of which has names of its own. */
function serverForAll(): { readonly server: () => RunningServer; readonly shell: () => Shell } {
  let running: RunningServer | undefined;
  beforeAll(async () => {
    running = await startServer();
  });
  afterAll(() => running?.[Symbol.asyncDispose]());
  const server = () => {
    if (running === undefined) throw new Error("the server was not started");
    return running;
  };
  return { server, shell: () => rootShell(server()) };
}

interface Evaluation {
  readonly EvalActionName: string;
  readonly EvalDecision: string;
}

const operationsOf = async (server: RunningServer) => (await server.calls()).map(({ operation }) => operation);

describe.skipIf(!hasAwsCli)("the AWS CLI (needs the AWS CLI)", () => {
  const { server, shell } = serverForAll();

  test.concurrent("a file of 20 MB goes up in parts, and comes back whole", LONG, async () => {
    const { aws, json, home } = shell();
    const bytes = randomBytes(20 * MIB);
    writeFileSync(join(home, "large.bin"), bytes);
    await aws`s3 mb s3://large`;
    await aws`s3 cp large.bin s3://large/ --no-progress`;
    const head = await json<object>`s3api head-object --bucket large --key large.bin`;
    // Source: https://docs.aws.amazon.com/cli/latest/topic/s3-config.html (parts of 8 MB)
    expect(head).toMatchObject({ ContentLength: 20 * MIB, ETag: expect.stringMatching(/^"[\da-f]{32}-3"$/) });
    await aws`s3 cp s3://large/large.bin back.bin --no-progress`;
    expect(readFileSync(join(home, "back.bin")).equals(bytes)).toBe(true);
    await aws`s3 cp s3://large/large.bin s3://large/copy.bin --no-progress`;
    expect(await aws`s3 ls s3://large --recursive`).toMatch(/ 20971520 copy\.bin\n.* 20971520 large\.bin\n/);
    expect(await aws`s3 rb s3://large --force`).toContain("remove_bucket: large");
  });

  test.concurrent("sync carries over what changed, whatever it is called", LONG, async () => {
    const { aws, home } = shell();
    const names = ["plain.txt", "with space & plus+.txt", "雲/箱.txt", "deep/er/100%.txt"];
    for (const name of names) {
      mkdirSync(join(home, "from", name, ".."), { recursive: true });
      writeFileSync(join(home, "from", name), name);
      // S3 knows whole seconds only: a file of this very second would seem newer than its object.
      utimesSync(join(home, "from", name), A_WHILE_AGO, A_WHILE_AGO);
    }
    await aws`s3 mb s3://synced`;
    expect((await aws`s3 sync from s3://synced/here --no-progress`).match(/^upload: /gm)).toHaveLength(names.length);
    expect(await aws`s3 sync from s3://synced/here`).toBe("");
    await aws`s3 sync s3://synced/here to --no-progress`;
    for (const name of names) expect(readFileSync(join(home, "to", name), "utf8")).toBe(name);
    rmSync(join(home, "from", "plain.txt"));
    expect(await aws`s3 sync from s3://synced/here --delete --no-progress`).toBe(
      "delete: s3://synced/here/plain.txt\n",
    );
    expect(await aws`s3 ls s3://synced/here/`).toMatch(/^ +PRE deep\/\n +PRE 雲\/\n.* with space & plus\+\.txt\n$/);
  });

  test.concurrent("one object moves, and many, and many are removed", LONG, async () => {
    const { aws, home } = shell();
    const bytes = randomBytes(12 * MIB);
    mkdirSync(join(home, "tree"));
    writeFileSync(join(home, "moved.bin"), bytes);
    writeFileSync(join(home, "tree", "plain.txt"), "plain");
    await aws`s3 mb s3://moving`;
    await aws`s3 mv moved.bin s3://moving/a/moved.bin --no-progress`;
    await aws`s3 mv s3://moving/a s3://moving/b --recursive --no-progress`;
    await aws`s3 cp tree s3://moving/b --recursive --no-progress`;
    await aws`s3 rm s3://moving/b --recursive --exclude * --include *.txt`;
    expect(await aws`s3 ls s3://moving --recursive`).toMatch(/^\S+ \S+ +12582912 b\/moved\.bin\n$/);
    await aws`s3 mv s3://moving/b/moved.bin moved-back.bin --no-progress`;
    expect(readFileSync(join(home, "moved-back.bin")).equals(bytes)).toBe(true);
    await aws`s3 rb s3://moving`;
  });

  test.concurrent("a presigned URL reads until it has expired, and nothing else", LONG, async () => {
    const { aws, home } = shell();
    writeFileSync(join(home, "note"), "for your eyes");
    await aws`s3 mb s3://signed`;
    await aws`s3 cp note s3://signed/`;
    const url = (await aws`s3 presign s3://signed/note --expires-in 60`).trim();
    expect(await (await fetch(url)).text()).toBe("for your eyes");
    const other = await fetch(url.replace("/note", "/other"));
    expect([other.status, await other.text()]).toEqual([403, expect.stringContaining("SignatureDoesNotMatch")]);
    await server().answer("clock", "advance", "61s");
    const late = await fetch(url);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
  });

  test.concurrent("over TLS, the certificate is trusted by who trusts the local authority", LONG, async () => {
    const secure = shell().with({ AWS_ENDPOINT_URL: server().endpoint.replace(/http:\/\/[^:]+/, "https://localhost") });
    expect(await secure.refused`sts get-caller-identity`).toContain("SSL validation failed");
    const authority = (await server().answer("ca")).trim();
    const trusting = secure.with({ AWS_CA_BUNDLE: authority });
    expect(await trusting.aws`sts get-caller-identity --query Account --output text`).toBe("000000000000\n");
    await trusting.aws`s3 mb s3://over-tls`;
  });

  test.concurrent("what is not built says so by name", LONG, async () => {
    const { refused } = shell();
    expect(await refused`s3api create-session --bucket b--use1-az4--x-s3`).toContain("CreateSession");
    expect(await refused`ec2 describe-instances`).toContain("DescribeInstances");
  });

  test.concurrent("the authorization details show who may what, page by page", LONG, async () => {
    const { aws, json } = shell();
    const document = policy({ Effect: "Allow", Action: "s3:*", Resource: "*" });
    for (const name of ["one", "two", "three"])
      await aws`iam create-role --role-name ${name} --assume-role-policy-document ${trust("arn:aws:iam::000000000000:root")}`;
    await aws`iam put-role-policy --role-name one --policy-name all --policy-document ${document}`;
    await aws`iam create-group --group-name team`;
    const details = await json<{ RoleDetailList: { RoleName: string }[]; GroupDetailList: object[] }>`
      iam get-account-authorization-details --filter Role Group --page-size 1`;
    expect(details.RoleDetailList.map(({ RoleName }) => RoleName)).toEqual(["one", "three", "two"]);
    expect(details.RoleDetailList[0]).toMatchObject({
      RolePolicyList: [{ PolicyName: "all", PolicyDocument: JSON.parse(document) }],
    });
    expect(details.GroupDetailList).toMatchObject([{ GroupName: "team" }]);
  });

  test.concurrent("the simulator tells what a user may do", LONG, async () => {
    const { aws, json } = shell();
    await aws`iam create-user --user-name ann`;
    const document = policy(
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" },
    );
    await aws`iam put-user-policy --user-name ann --policy-name rights --policy-document ${document}`;
    const { EvaluationResults } = await json<{ EvaluationResults: Evaluation[] }>`iam simulate-principal-policy
      --policy-source-arn arn:aws:iam::000000000000:user/ann
      --action-names s3:GetObject s3:DeleteBucket iam:CreateUser`;
    expect(EvaluationResults.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision])).toEqual([
      ["s3:GetObject", "allowed"],
      ["s3:DeleteBucket", "explicitDeny"],
      ["iam:CreateUser", "implicitDeny"],
    ]);
  });

  // Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-endpoints.html
  test.concurrent(
    "S3 and STS are called at the endpoints that the services section of the configuration names",
    LONG,
    async () => {
      await using storage = await startServer();
      await using tokens = await startServer();
      const person = new Shell(storage, {});
      const operator = rootShell(storage);
      await operator.aws`s3 mb s3://here`;
      person.configure("credentials", "[local]\naws_access_key_id = test\naws_secret_access_key = test\n");
      person.configure(
        "config",
        `[profile local]
region = us-east-1
services = custom-endpoint

[services custom-endpoint]
s3 =
  endpoint_url = ${storage.endpoint}
sts =
  endpoint_url = ${tokens.endpoint}
`,
      );
      expect(await person.aws`s3 ls --profile local`).toMatch(/ here\n$/);
      await person.aws`sts get-caller-identity --profile local`;
      expect(await operationsOf(storage)).toEqual(["CreateBucket", "ListBuckets"]);
      expect(await operationsOf(tokens)).toEqual(["GetCallerIdentity"]);
      expect(await person.with({ AWS_ENDPOINT_URL: tokens.endpoint }).aws`s3 ls --profile local`).toBe("");
    },
  );

  // Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
  test.concurrent("who switches role needs an STS that can be reached, whatever endpoint S3 has", LONG, async () => {
    await using own = await startServer();
    const operator = rootShell(own);
    const { aws, json } = operator;
    await aws`s3 mb s3://here`;
    await aws`iam create-user --user-name ann`;
    const { AccessKey } = await json<{ AccessKey: Issued }>`iam create-access-key --user-name ann`;
    const trusted = trust("arn:aws:iam::000000000000:user/ann");
    await aws`iam create-role --role-name reader --assume-role-policy-document ${trusted}`;
    for (const [kind, name] of [
      ["user", "ann"],
      ["role", "reader"],
    ] as const)
      await aws`iam attach-${kind}-policy --${kind}-name ${name} --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`;
    const person = new Shell(own, { AWS_DEFAULT_REGION: "us-east-1" });
    person.configure(
      "credentials",
      `[ann]\naws_access_key_id = ${AccessKey.AccessKeyId}\naws_secret_access_key = ${AccessKey.SecretAccessKey}\n`,
    );
    const configure = (sts: string) =>
      person.configure(
        "config",
        `[profile ann]
services = endpoints

[profile reader]
role_arn = arn:aws:iam::000000000000:role/reader
source_profile = ann
services = endpoints

[services endpoints]
sts =
  endpoint_url = ${sts}
`,
      );
    const nobody = "http://127.0.0.1:1";
    configure(nobody);
    expect(await person.aws`s3 ls --profile ann --endpoint-url ${own.endpoint}`).toMatch(/ here\n$/);
    expect(await person.refused`s3 ls --profile reader --endpoint-url ${own.endpoint}`).toContain(
      `Could not connect to the endpoint URL: "${nobody}/"`,
    );
    configure(own.endpoint);
    expect(await person.aws`s3 ls --profile reader --endpoint-url ${own.endpoint}`).toMatch(/ here\n$/);
  });
});
