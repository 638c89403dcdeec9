import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateUserCommand, IAMClient, IAMServiceException, ListUsersCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../src/main.ts";
import { Output } from "../src/output.ts";
import { RecordingTerminal, type RecordingOptions } from "./recording-terminal.ts";

/** One server in this process, which `kumobako start` runs. */
let directory: string;
let server: { terminal: RecordingTerminal; ended: Promise<number>; endpoint: string };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "kumobako-server-"));
  const terminal = new RecordingTerminal({ directory });
  const ended = run(["start", "--memory", "--port", "0", "--account", "111111111111"], terminal);
  const [, endpoint = ""] = await terminal.shown(/running at (http:\S+)/);
  server = { terminal, ended, endpoint };
});

afterAll(async () => {
  server.terminal.interrupt();
  await server.ended;
  rmSync(directory, { recursive: true, force: true });
});

async function kumobako(line: string, options: RecordingOptions = {}) {
  const terminal = new RecordingTerminal({ directory, ...options });
  const code = await run(line.split(" "), terminal);
  return { code, out: terminal.out, err: terminal.err };
}

async function answerOf(line: string): Promise<Record<string, unknown>> {
  const { code, out, err } = await kumobako(`${line} --json`);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const iam = (of: { accessKeyId: string; secretAccessKey: string } = credentials) =>
  new IAMClient({ endpoint: server.endpoint, region: "us-east-1", credentials: of, maxAttempts: 1 });

const users = async () => (await iam().send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName);

const requestIdOf = (error: unknown) =>
  error instanceof IAMServiceException && error.name === "AccessDenied"
    ? String(error.$metadata.requestId)
    : String(error);

test("start shows the endpoint, the credentials and three commands to try", () => {
  const { out } = server.terminal;
  expect(out).toContain(`Kumobako is running at ${server.endpoint}`);
  expect(out).toContain("account     111111111111, region us-east-1");
  expect(out).toContain("test / test");
  for (const command of ['eval "$(kumobako env)"', "aws sts get-caller-identity", "kumobako lab run S01"])
    expect(out).toContain(`\n  ${command}`);
});

test("status finds the server of its directory", async () => {
  const { code, out } = await kumobako("status");
  expect(code).toBe(0);
  expect(out).toContain(`running at ${server.endpoint}`);
});

test("status names version, account, store and clock in JSON", async () => {
  expect(await answerOf("status")).toMatchObject({
    status: "running",
    endpoint: server.endpoint,
    account: "111111111111",
    store: "memory",
    clock: { frozen: false },
  });
});

test("env names the server of its directory", async () => {
  expect((await kumobako("env")).out).toContain(`export AWS_ENDPOINT_URL='${server.endpoint}'`);
});

test("a second start on the port names the server that has it, and the remedy", async () => {
  const { code, err } = await kumobako(`start --memory --port ${new URL(server.endpoint).port}`);
  expect(code).toBe(4);
  expect(err).toContain("another Kumobako runs on port");
  expect(err).toContain("remedy: kumobako stop, or kumobako start --port");
});

test("a second start that is detached is refused while the server of the directory runs", async () => {
  const { code, err } = await kumobako("start --memory --port 0 --detach");
  expect(code).toBe(4);
  expect(err).toContain(`a Kumobako of this directory runs at ${server.endpoint}`);
});

describe("the clock", () => {
  test("goes on by what it is told", async () => {
    const before = await answerOf("clock");
    const after = await answerOf("clock advance 1h30m");
    const passedMs = Date.parse(String(after["now"])) - Date.parse(String(before["now"]));
    expect(passedMs).toBeGreaterThanOrEqual(5_400_000);
    expect(passedMs).toBeLessThan(5_460_000);
    expect((await kumobako("clock")).out).toContain("(1h30m ahead of real time)");
  });

  test("stands still until it is resumed", async () => {
    expect(await answerOf("clock freeze")).toMatchObject({ frozen: true });
    const first = await answerOf("clock status");
    expect((await answerOf("clock status"))["now"]).toBe(first["now"]);
    expect(await answerOf("clock resume")).toMatchObject({ frozen: false });
  });
});

describe("a call that was refused", () => {
  const key = { accessKeyId: "", secretAccessKey: "" };
  let requestId: string;

  beforeAll(async () => {
    const { CreateAccessKeyCommand } = await import("@aws-sdk/client-iam");
    await iam().send(new CreateUserCommand({ UserName: "ann" }));
    const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName: "ann" }));
    Object.assign(key, { accessKeyId: AccessKey?.AccessKeyId, secretAccessKey: AccessKey?.SecretAccessKey });
    requestId = await iam(key)
      .send(new ListUsersCommand({}))
      .then(() => "allowed", requestIdOf);
  });

  test("is explained by its request id", async () => {
    const { code, out, err } = await kumobako(`why ${requestId}`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("iam:ListUsers");
    expect(out).toContain("arn:aws:iam::111111111111:user/ann");
  });

  test("is the one that is explained where none is named", async () => {
    const { code, out } = await kumobako("why");
    expect(code).toBe(0);
    expect(out).toBe((await kumobako(`why ${requestId}`)).out);
  });

  test("is also one whose signature does not hold", async () => {
    const wrong = iam({ ...key, secretAccessKey: "wrong" });
    await expect(wrong.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    const { out } = await kumobako("why");
    expect(out).toContain(`whoever signed as ${key.accessKeyId}\nrefused: SignatureDoesNotMatch: `);
    expect((await kumobako("decisions --decision refused --limit 1")).out).toContain(
      " iam:ListUsers SignatureDoesNotMatch ",
    );
  });

  test("stands in the list of decisions, with who asked and for what", async () => {
    const { out } = await kumobako("decisions --decision deny --principal user/ann --since 1h");
    expect(out).toContain(`arn:aws:iam::111111111111:user/ann ${requestId}`);
    expect(out).toContain("deny  iam:ListUsers on ");
  });

  test("is left out of the list where it does not match", async () => {
    expect((await kumobako("decisions --action s3:GetObject")).out).toBe("no calls\n");
  });

  test("is named by a replay of the policy that would have allowed it", async () => {
    const path = join(directory, "may-list.json");
    const Statement = { Sid: "List", Effect: "Allow", Action: "iam:ListUsers", Resource: "*" };
    writeFileSync(path, JSON.stringify({ Version: "2012-10-17", Statement }));
    const target = "arn:aws:iam::111111111111:user/ann";
    const { code, out, err } = await kumobako(`replay --with ${path} --target ${target} --since 7d --calls`);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`deny → allow iam:ListUsers by ${target}: 1 ×`);
    expect(out).toContain("identity-based policy allows: may-list.json\n    statement 1 `List`, line 1");
    expect(out).toContain(`by ${target} ${requestId}\n`);
    expect(out).toMatch(/^1 of \d+ decisions in \d+ calls would have been others$/m);
    expect(await answerOf(`replay --with ${path} --target ${target} --as boundary`)).toMatchObject({
      groups: [],
      summary: { touched: 1, changed: 0 },
    });
  });

  test("is left out of a replay that has no part in it", async () => {
    const path = join(directory, "nothing.json");
    writeFileSync(path, '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}');
    const { out } = await kumobako(`replay --with ${path} --target arn:aws:iam::111111111111:user/nobody`);
    expect(out).toContain("the policy has a part in none of them: is the target the right one?");
  });

  test("is unknown under another id", async () => {
    const { code, err } = await kumobako("why 00000000-0000-0000-0000-000000000000");
    expect(code).toBe(1);
    expect(err).toContain("no call with the request id");
  });
});

test("ca shows the authority whose certificate the server presents", async () => {
  const { code, out } = await kumobako("ca --pem");
  expect(code).toBe(0);
  const { ca, subject } = new X509Certificate(out);
  expect(ca).toBe(true);
  expect(subject).toContain("Kumobako local CA");
});

describe("reset", () => {
  test("deletes nothing where a person says no", async () => {
    await iam().send(new CreateUserCommand({ UserName: "ben" }));
    const { err } = await kumobako("reset", { isTTY: true, answer: false });
    expect(err).toContain("nothing was deleted");
    expect(await users()).toContain("ben");
  });

  test("deletes everything", async () => {
    const { code, out } = await kumobako("reset --yes", { isTTY: true });
    expect(code).toBe(0);
    expect(out).toContain("is empty again");
    expect(await users()).toEqual([]);
  });
});

test("a server that is asked to stop ends with success and leaves no note behind", async () => {
  const terminal = new RecordingTerminal({ directory: mkdtempSync(join(directory, "second-")) });
  const ended = run(["start", "--memory", "--port", "0", "--json"], terminal);
  const [line] = await terminal.shown(/^\{.*\}$/m);
  expect(JSON.parse(line)).toMatchObject({ accessKeyId: "test", secretAccessKey: "test", region: "us-east-1" });
  expect(existsSync(join(terminal.directory, ".kumobako", "running.json"))).toBe(true);
  terminal.interrupt();
  expect(await ended).toBe(0);
  expect(existsSync(join(terminal.directory, ".kumobako", "running.json"))).toBe(false);
});

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

test("idp gives out tokens with the claims that one wants", async () => {
  const { out } = await kumobako(
    'idp token --subject ann --audience app --claim amr=["mfa"] --claim email=a=b --for 10m',
  );
  const { iat, exp, iss, ...claims } = claimsOf(out);
  expect(claims).toMatchObject({ sub: "ann", aud: "app", amr: ["mfa"], email: "a=b" });
  expect([Number(exp) - Number(iat), iss]).toEqual([600, `${server.endpoint}/_kumobako/idp`]);
  const { keyId } = await answerOf("idp rotate");
  const { token } = await answerOf("idp token --subject ann --audience app");
  expect(Buffer.from(String(token).split(".")[0] ?? "", "base64url").toString("utf8")).toContain(String(keyId));
});

test("idp gives out access tokens of login providers, which say nothing to anybody but them", async () => {
  const who = "--subject ann --application amzn1.application.a1 --client c1 --for 10m";
  const { token } = await answerOf(`idp access-token --provider www.amazon.com ${who}`);
  const ask = async (path: string) => {
    const query = new URLSearchParams({ access_token: String(token) });
    const answer = await fetch(`${server.endpoint}/_kumobako/idp/${path}?${query}`);
    return { status: answer.status, body: await answer.json() };
  };
  // Source: https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
  expect(await ask("auth/o2/tokeninfo")).toMatchObject({
    status: 200,
    body: { iss: "https://www.amazon.com", user_id: "ann", app_id: "amzn1.application.a1", aud: "c1" },
  });
  for (const path of ["app", "me"]) expect((await ask(path)).status).toBe(400);
  expect(await kumobako(`idp access-token --provider twitter.com ${who}`)).toMatchObject({ code: 2 });
});

test("idp gives out SAML metadata and signed responses", async () => {
  expect((await kumobako("idp metadata")).out).toMatch(/^<\?xml .*entityID="http:.*<\/md:EntityDescriptor>\n$/s);
  const [role, provider] = ["arn:aws:iam::111111111111:role/staff", "arn:aws:iam::111111111111:saml-provider/office"];
  const { out } = await kumobako(
    `idp assertion --subject ann --role ${role} --provider ${provider} --attribute urn:team=a --attribute urn:team=b`,
  );
  const xml = Buffer.from(out, "base64").toString("utf8");
  expect(xml).toContain(`>${role},${provider}<`);
  expect(xml).toContain('Name="urn:team"><saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b<');
});

test("idp says what is missing", async () => {
  expect(await kumobako("idp token --subject ann")).toMatchObject({ code: 2 });
  expect(await kumobako("idp token --subject ann --audience a --claim none")).toMatchObject({ code: 2 });
});

test("replay says what is wrong with the policy, its file, or its target", async () => {
  expect(await kumobako("replay --with no-such.json")).toMatchObject({
    code: 2,
    err: expect.stringContaining("`no-such.json` cannot be read"),
  });
  const path = join(directory, "broken.json");
  writeFileSync(path, "{}");
  expect(await kumobako(`replay --with ${path}`)).toMatchObject({ code: 1, err: expect.stringContaining("`policy`") });
  expect(await kumobako(`replay --with ${path} --as scp --target arn:aws:s3:::b`)).toMatchObject({
    code: 1,
    err: expect.stringContaining("`target` of `scp`"),
  });
});

test("a terminal is shown how far something has come, and nothing else is", () => {
  const [terminal, pipe] = [new RecordingTerminal({ isTTY: true }), new RecordingTerminal()];
  for (const each of [terminal, pipe]) new Output(each, false).meter(0.5, "500 decisions");
  expect(terminal.err).toContain("███████████████░░░░░░░░░░░░░░░ 50 % ");
  expect(terminal.out + pipe.err + pipe.out).toBe("");
});
