import "reflect-metadata";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CreateUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { createSession, makeCertificate } from "../../../test/certificate-authority.ts";
import { anywhere } from "../../../test/roles-anywhere.ts";

type Session = Awaited<ReturnType<typeof createSession>>;

/** The session's credentials, as a client takes them. */
function credentialsOf({ answer }: Session) {
  const { accessKeyId, secretAccessKey, sessionToken } = answer.credentialSet?.[0]?.credentials ?? {};
  return { accessKeyId: accessKeyId ?? "", secretAccessKey: secretAccessKey ?? "", sessionToken };
}

test("the holder of a certificate that is trusted gets a session of the role, named by its serial number", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
  const { cloud, ask, leaf, roleArn } = await anywhere({ allow: ["iam:ListUsers"] });
  const session = await ask();
  expect(session.status).toBe(201);
  const arn = `arn:aws:sts::000000000000:assumed-role/worker/${leaf.certificate.serialNumber}`;
  expect(session.answer.credentialSet).toMatchObject([
    { assumedRoleUser: { arn }, roleArn, sourceIdentity: "CN=alice" },
  ]);
  const sts = cloud.client(STSClient, credentialsOf(session));
  expect((await sts.send(new GetCallerIdentityCommand())).Arn).toBe(arn);
  const iam = cloud.client(IAMClient, credentialsOf(session));
  await iam.send(new ListUsersCommand());
  await expect(iam.send(new CreateUserCommand({ UserName: "bob" }))).rejects.toMatchObject({ name: "AccessDenied" });
});

test("keys of RSA sign as well as those of elliptic curves", async () => {
  const { ask, issue } = await anywhere();
  expect((await ask({ by: await issue("CN=alice", { algorithm: "RSA" }) })).status).toBe(201);
});

test("the ARNs may stand in the body", async () => {
  const { ask, query } = await anywhere();
  expect((await ask({ query: {}, body: query })).status).toBe(201);
});

test("a chain leads from the signer to the authority", async () => {
  const { cloud, ask, issue } = await anywhere();
  const middle = await issue("CN=Middle", { authority: true, pathLength: 0 });
  const by = await makeCertificate(cloud, { name: "CN=alice", issuer: middle });
  expect((await ask({ by })).status).toBe(403);
  expect((await ask({ by, chain: [middle] })).status).toBe(201);
});

test("what the certificate says of its holder decides in the role's trust policy and in the session", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
  const condition = {
    StringEquals: { "aws:PrincipalTag/x509Subject/OU": "web", "aws:PrincipalTag/x509Issuer/CN": "Root" },
    StringLike: { "aws:PrincipalTag/x509SAN/URI": "spiffe://example.com/*", "sts:SourceIdentity": "CN=*" },
  };
  const Statement = [
    {
      Effect: "Allow",
      Action: "iam:ListUsers",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/CN": "alice" } },
    },
  ];
  const { cloud, ask, issue, leaf } = await anywhere({ condition, allow: { Statement } });
  const names = [{ type: "url", value: "spiffe://example.com/web" } as const];
  const alice = await ask({ by: await issue("CN=alice, OU=web", { names }) });
  expect(alice.status).toBe(201);
  await cloud.client(IAMClient, credentialsOf(alice)).send(new ListUsersCommand());
  const bob = await ask({ by: await issue("CN=bob, OU=web", { names }) });
  const listing = cloud.client(IAMClient, credentialsOf(bob)).send(new ListUsersCommand());
  await expect(listing).rejects.toMatchObject({ name: "AccessDenied" });
  expect((await ask({ by: leaf })).answer.message).toMatch(/^Unable to assume role for arn:/);
});

test("the trust anchor is the source of the call that takes the role on", async () => {
  const elsewhere = {
    ArnEquals: { "aws:SourceArn": "arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/other" },
  };
  expect((await (await anywhere({ condition: elsewhere })).ask()).status).toBe(403);
  const anchors = "arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/*";
  const ours = { ArnLike: { "aws:SourceArn": anchors }, StringEquals: { "aws:SourceAccount": "000000000000" } };
  expect((await (await anywhere({ condition: ours })).ask()).status).toBe(201);
});

test("a role has to let the service tag its sessions and name who is behind them", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication.html
  for (const left of ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]) {
    const all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    const { ask } = await anywhere({ trustActions: all.filter((action) => action !== left) });
    expect((await ask()).status).toBe(403);
  }
});

test("the profile bounds its sessions: how long they last, and what they may", async () => {
  const sessionPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*" }],
  });
  const profile = { sessionPolicy, durationSeconds: 1800 };
  const { cloud, ask } = await anywhere({ profile, allow: ["iam:*"] });
  const endIfNow = () => Math.floor(cloud.clock.now().getTime() / 1000) * 1000 + 1_800_000;
  const earliest = endIfNow();
  const session = await ask({ body: { durationSeconds: 3600 } });
  const ends = Date.parse(session.answer.credentialSet?.[0]?.credentials.expiration ?? "");
  expect(ends).toBeGreaterThanOrEqual(earliest);
  expect(ends).toBeLessThanOrEqual(endIfNow());
  const iam = cloud.client(IAMClient, credentialsOf(session));
  await iam.send(new ListUsersCommand());
  await expect(iam.send(new CreateUserCommand({ UserName: "bob" }))).rejects.toMatchObject({ name: "AccessDenied" });
});

test("callers name their sessions where the profile lets them", async () => {
  // Source: https://github.com/aws/rolesanywhere-credential-helper/issues/19
  const refusing = await (await anywhere()).ask({ body: { roleSessionName: "build-7" } });
  expect(refusing.answer.message).toBe("Not authorized to set roleSessionName.");
  const { ask } = await anywhere({ profile: { acceptRoleSessionName: true } });
  const session = await ask({ body: { roleSessionName: "build-7" } });
  const arn = "arn:aws:sts::000000000000:assumed-role/worker/build-7";
  expect(session.answer.credentialSet).toMatchObject([{ assumedRoleUser: { arn } }]);
});

test("subjects show who came, with which certificate, and whether it went well", async () => {
  const { call, ask, leaf, profileId, query } = await anywhere();
  const { answer } = await ask({ body: { instanceProperties: { host: "web-1" } } });
  const { subjects } = (await call("GET", "/subjects")).answer;
  expect(subjects).toMatchObject([{ subjectArn: answer.subjectArn, x509Subject: "CN=alice, OU=web", enabled: true }]);
  await call("PATCH", `/profile/${profileId}`, { roleArns: [query.roleArn], durationSeconds: 43_200 });
  expect((await ask()).status).toBe(403);
  const { subject } = (await call("GET", `/subject/${subjects[0].subjectId}`)).answer;
  const serialNumber = BigInt(`0x${leaf.certificate.serialNumber}`).toString();
  expect(subject.credentials).toMatchObject([
    { serialNumber, failed: true },
    { serialNumber, failed: false, issuer: "CN=Root, O=Example" },
  ]);
  expect(subject.instanceProperties).toMatchObject([{ properties: { host: "web-1" }, failed: false }]);
});

test("the records say whose certificate it was, and who took the role on", async () => {
  const { cloud, ask, trustAnchorArn } = await anywhere();
  await ask();
  const named = async (name: string) => {
    const [record] = await cloud.cloud.journal.find({ limit: 1, matches: ({ operation }) => operation === name });
    return record;
  };
  expect(await named("CreateSession")).toMatchObject({
    account: "000000000000",
    userIdentity: { type: "Unknown", userName: "CN=alice, OU=web", identityProvider: trustAnchorArn },
  });
  expect(await named("AssumeRole")).toMatchObject({
    account: "000000000000",
    userIdentity: { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" },
  });
});
