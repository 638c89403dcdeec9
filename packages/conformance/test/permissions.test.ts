/** The permission suite, put to this server over a socket. */
import { join } from "node:path";
import {
  IAMClient,
  ListGroupsCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { startCloud } from "kumobako/testing";
import { expect, test } from "vitest";
import { readCaseFiles, type Case } from "../permissions/case-file.ts";
import { figuresOf, formatPage } from "../permissions/report.ts";
import { runCases, type RunOptions } from "../permissions/run.ts";
import { judge, type Finding, type Verdict } from "../permissions/verdict.ts";
import { runProgram } from "./clients/external-program.ts";

const ACCOUNT = "123456789012";
const files = readCaseFiles();
const scenes = files.flatMap((file) => file.scenes);
const titles = files.flatMap(({ group, scenes: some }) =>
  some.flatMap(({ cases }) => cases.map(({ name }) => `${group}: ${name}`)),
);

async function runHere(options: Omit<RunOptions, "endpoint">): Promise<readonly Finding[]> {
  await using cloud = await startCloud();
  return await runCases(files, { ...options, endpoint: endpointOf(cloud) });
}

const endpointOf = ({ endpoint: url, region }: { readonly endpoint: string; readonly region: string }) => ({
  url,
  region,
  account: ACCOUNT,
  secret: "test",
});

const findings = await runHere({ cleanUp: false });

const shown = (kind: Verdict["kind"]): readonly string[] =>
  findings.filter((finding) => finding.kind === kind).map(({ group, name, got }) => `${group}: ${name}: ${got}`);

test("there are more than 350 cases, each with a name of its own", () => {
  expect(titles.length).toBeGreaterThan(350);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test("every case has its page of AWS's documentation, and one answer", () => {
  const all = scenes.flatMap(({ source, cases }) => cases.map((each) => ({ source, ...each })));
  const documented = /^https:\/\/(docs\.aws\.amazon\.com|aws\.amazon\.com\/blogs)\/\S+$/;
  expect(all.filter(({ source = "" }) => !documented.test(source))).toEqual([]);
  expect(all.filter(({ allowed, denied }) => (allowed === undefined) === (denied === undefined))).toEqual([]);
});

const CALL = ["as", "call", "with", "source", "region", "headers", "via", "skewMinutes", "given"];
const MEMBERS = {
  scene: new Set([...CALL, "cases"]),
  case: new Set([...CALL, "name", "allowed", "denied", "says", "keep", "undo"]),
  step: new Set(
    [
      ["user", "group", "role", "managedPolicy", "session", "keys", "mfa", "bucket", "key", "ciphertext", "name"],
      ["organization", "unit", "member", "made", "control", "issuer", "token", "saml", "assertion", "call"],
      ["account", "allow", "policy", "managed", "boundary", "path", "tags", "groups", "trust", "maxSeconds"],
      ["as", "with", "of", "accessKeyId", "secretAccessKey", "sessionToken", "region", "open", "objects", "context"],
      ["kind", "types", "in", "on", "only", "clients", "claims", "forged", "subject", "attributes", "audience"],
      ["ageSeconds", "principal", "keep", "undo"],
    ].flat(),
  ),
};

const unread = (things: readonly object[], known: ReadonlySet<string>): readonly string[] =>
  things.flatMap((thing) => Object.keys(thing)).filter((member) => !known.has(member));

test("files say nothing that nobody reads", () => {
  const steps = scenes.flatMap(({ given = [], cases }) => [...given, ...cases.flatMap((each) => each.given ?? [])]);
  expect(unread(scenes, MEMBERS.scene)).toEqual([]);
  expect(unread(scenes.map(({ cases }) => cases).flat(), MEMBERS.case)).toEqual([]);
  expect(unread(steps, MEMBERS.step)).toEqual([]);
});

test("nothing is allowed that AWS denies", () => expect(shown("wrongly-allowed")).toEqual([]));

test("nothing is denied that AWS allows", () => expect(shown("wrongly-denied")).toEqual([]));

test("what is denied is denied with AWS's error", () => expect(shown("other-words")).toEqual([]));

test("every case is answered", () => expect(shown("not-answered")).toEqual([]));

test("the reference shows what was found", async () => {
  const page = join(import.meta.dirname, "..", "..", "..", "docs", "reference", "permissions.md");
  await expect(formatPage(files, findings)).toMatchFileSnapshot(page);
});

const DENIED: Case = { name: "denied", denied: "AccessDenied" };
const ALLOWED: Case = { name: "allowed", allowed: true };
const FOUND: Case = { name: "allowed, but not there", allowed: "NoSuchKey" };
const SUCCESS = { kind: "succeeded", output: {} } as const;
const failure = (code: string, status: number) => ({ kind: "failed", code, message: "because", status }) as const;

test.each([
  ["success where AWS denies", DENIED, SUCCESS, "wrongly-allowed"],
  ["an error of the operation where AWS denies", DENIED, failure("NoSuchKey", 404), "wrongly-allowed"],
  ["another refusal where AWS denies", DENIED, failure("InvalidClientTokenId", 403), "other-words"],
  ["an error of form where AWS denies", DENIED, failure("ValidationError", 400), "other-words"],
  ["a refusal where AWS denies", DENIED, failure("AccessDenied", 403), "same"],
  ["success where AWS allows", ALLOWED, SUCCESS, "same"],
  ["a refusal where AWS allows", ALLOWED, failure("AccessDenied", 403), "wrongly-denied"],
  ["the error of the operation where AWS allows", FOUND, failure("NoSuchKey", 404), "same"],
  ["a refusal in the place of that error", FOUND, failure("AccessDenied", 403), "wrongly-denied"],
  ["some other error where AWS allows", ALLOWED, failure("NoSuchBucket", 404), "not-answered"],
] as const)("%s is judged so", (_, each, outcome, kind) => {
  expect(judge(each, outcome, "").kind).toBe(kind);
});

test("a message without AWS's words is found out", () => {
  expect(judge(DENIED, failure("AccessDenied", 403), "because no identity-based policy").kind).toBe("other-words");
});

test("what the cases made is removed", async () => {
  await using cloud = await startCloud({ account: ACCOUNT });
  const { endpoint, region, credentials } = cloud;
  const config = { endpoint, region, credentials, forcePathStyle: true };
  const iam = new IAMClient(config);
  const some = await runCases(files, { endpoint: endpointOf(cloud), only: "session policies:" });
  expect(figuresOf(some).same).toBeGreaterThan(20);
  expect((await iam.send(new ListUsersCommand({}))).Users).toEqual([]);
  expect((await iam.send(new ListGroupsCommand({}))).Groups).toEqual([]);
  expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
  expect((await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies).toEqual([]);
  expect((await new S3Client(config).send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
});

test("what cannot be asked in time, or of an endpoint with one account, is not answered", async () => {
  const late = await runHere({ only: "across accounts", secondsMax: 0, cleanUp: false });
  expect(new Set(late.map(({ kind, got }) => `${kind}: ${got}`))).toEqual(
    new Set(["not-answered: there was no time left"]),
  );
  await using cloud = await startCloud({ account: ACCOUNT });
  const endpoint = { url: cloud.endpoint, region: cloud.region, account: ACCOUNT, credentials: cloud.credentials };
  const alone = figuresOf(await runCases(files, { endpoint, only: "across accounts", cleanUp: false }));
  expect(alone).toMatchObject({ same: 0, wronglyAllowed: 0, wronglyDenied: 0, notAnswered: alone.cases });
});

test("the program says what it found, and by its exit code whether that is right", async () => {
  await using cloud = await startCloud();
  const program = join(import.meta.dirname, "..", "permissions", "main.ts");
  const run = (...args: readonly string[]) =>
    runProgram(process.execPath, { args: [program, ...args], directory: import.meta.dirname, env: {} });
  const right = await run("--endpoint", cloud.endpoint, "--only", "root user needs", "--json");
  expect(JSON.parse(right.out)).toMatchObject({ figures: { cases: 2, same: 2, wronglyAllowed: 0 } });
  expect(right.code).toBe(0);
  const nobody = await run("--endpoint", "http://127.0.0.1:9", "--only", "root user needs");
  expect(nobody.code).toBe(2);
  expect(nobody.out).toContain("not answered: Identity policies: the root user needs no policy");
  expect((await run("--help")).out).toContain("usage: npm run permissions");
});
