import "reflect-metadata";
import { KeyUsageFlags } from "@peculiar/x509";
import { expect, test } from "vitest";
import { makeCertificate, makeRevocationList } from "../../../test/certificate-authority.ts";
import { makeRole } from "../../../test/identities.ts";
import { anywhere, rolesAnywhere } from "../../../test/roles-anywhere.ts";

type World = Awaited<ReturnType<typeof anywhere>>;

/** What a refused call says; nothing where it was not refused. */
async function refusal(asked: ReturnType<World["ask"]>): Promise<string | undefined> {
  const { status, answer } = await asked;
  return status === 403 ? answer.message : undefined;
}

test("what was not signed by the certificate's key, or not as it came, is refused", async () => {
  // Source: https://github.com/aws/rolesanywhere-credential-helper/issues/128
  const { ask, issue, query } = await anywhere();
  const other = await issue("CN=mallory");
  expect(await refusal(ask({ key: other }))).toBe("Invalid signature");
  expect(await refusal(ask({ body: { durationSeconds: 900 }, tampered: { body: { durationSeconds: 3600 } } }))).toBe(
    "Invalid signature",
  );
  const roleArn = "arn:aws:iam::000000000000:role/admin";
  expect(await refusal(ask({ tampered: { query: { ...query, roleArn } } }))).toBe("Invalid signature");
  expect(await refusal(ask({ serialNumber: "7" }))).toBe("Invalid signature");
  for (const left of ["host", "x-amz-date", "x-amz-x509"]) {
    expect(await refusal(ask({ unsignedHeaders: [left] }))).toBe("Invalid signature");
  }
  expect(await refusal(ask({ chain: [other], unsignedHeaders: ["x-amz-x509-chain"] }))).toBe("Invalid signature");
});

test("an old signature is not taken again", async () => {
  const { cloud, ask } = await anywhere();
  const at = new Date(cloud.clock.now().getTime() - 16 * 60_000);
  expect(await refusal(ask({ at }))).toBe("Signature expired");
});

test("certificates of other authorities are not trusted, whatever name these have", async () => {
  // Source: https://github.com/aws/rolesanywhere-credential-helper/issues/108
  const { cloud, ask, authority } = await anywhere();
  const foreign = await makeCertificate(cloud, { name: "CN=Root, O=Example", authority: true });
  const by = await makeCertificate(cloud, { name: "CN=alice", issuer: foreign });
  expect(await refusal(ask({ by }))).toBe("Untrusted signing certificate");
  expect(await refusal(ask({ by, chain: [foreign] }))).toBe("Untrusted signing certificate");
  expect(await refusal(ask({ by, chain: [foreign, authority] }))).toBe("Untrusted signing certificate");
  const alone = await makeCertificate(cloud, { name: "CN=alice" });
  expect(await refusal(ask({ by: alone }))).toBe("Untrusted signing certificate");
});

test("who is no authority issues nothing, and an authority does not sign in", async () => {
  const { cloud, ask, issue, leaf, authority } = await anywhere();
  const forged = await makeCertificate(cloud, { name: "CN=admin", issuer: leaf });
  expect(await refusal(ask({ by: forged, chain: [leaf] }))).toBe("Untrusted signing certificate");
  const signer = await issue("CN=Signer", { authority: true, usages: KeyUsageFlags.cRLSign });
  const issued = await makeCertificate(cloud, { name: "CN=admin", issuer: signer });
  expect(await refusal(ask({ by: issued, chain: [signer] }))).toBe("Untrusted signing certificate");
  expect(await refusal(ask({ by: authority }))).toBe("Untrusted certificate. Insufficient certificate");
});

test("no more authorities follow each other than the first of them lets", async () => {
  const { cloud, ask, issue } = await anywhere();
  const middle = await issue("CN=Middle", { authority: true, pathLength: 0 });
  const lower = await makeCertificate(cloud, { name: "CN=Lower", issuer: middle, authority: true });
  const by = await makeCertificate(cloud, { name: "CN=alice", issuer: lower });
  expect(await refusal(ask({ by, chain: [lower, middle] }))).toBe("Untrusted signing certificate");
});

test("a chain is five certificates at most, however they are named and ordered", async () => {
  const { cloud, ask, issue, authority } = await anywhere();
  const chain = [authority];
  for (const number of [1, 2, 3, 4, 5]) {
    const above = chain[0] ?? authority;
    chain.unshift(await makeCertificate(cloud, { name: `CN=Middle ${number}`, issuer: above, authority: true }));
  }
  const middles = chain.slice(0, -1);
  const by = await makeCertificate(cloud, { name: "CN=alice", issuer: chain[0] ?? authority });
  expect((await ask({ by, chain: middles })).status).toBe(201);
  expect((await ask({ by, chain: middles.toReversed() })).status).toBe(201);
  expect(await refusal(ask({ by, chain: [...middles, await issue("CN=spare")] }))).toBe(
    "Untrusted signing certificate",
  );
});

test("a certificate has to be made for signing in", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
  const { ask, issue } = await anywhere();
  const insufficient = "Untrusted certificate. Insufficient certificate";
  const usages = KeyUsageFlags.keyEncipherment;
  expect(await refusal(ask({ by: await issue("CN=alice", { usages }) }))).toBe(insufficient);
  expect(await refusal(ask({ by: await issue("CN=alice", { bare: true }) }))).toBe(insufficient);
});

test("a name that begins with another's is not taken for it", async () => {
  const name = `CN=${"a".repeat(61)}`;
  const { ask, issue } = await anywhere({ condition: { StringEquals: { "sts:SourceIdentity": name } } });
  expect((await ask({ by: await issue(name) })).status).toBe(201);
  expect(await refusal(ask({ by: await issue(`${name}b`) }))).toMatch("Unable to assume role");
});

test("certificates are good in their time, by the cloud's clock", async () => {
  const { cloud, ask, issue } = await anywhere();
  const untrusted = "Untrusted signing certificate";
  expect(await refusal(ask({ by: await issue("CN=alice", { days: [-9, -1] }) }))).toBe(untrusted);
  expect(await refusal(ask({ by: await issue("CN=alice", { days: [1, 9] }) }))).toBe(untrusted);
  const brief = await issue("CN=alice", { days: [-1, 10] });
  expect((await ask({ by: brief })).status).toBe(201);
  await cloud.clock.advance(11 * 86_400);
  expect(await refusal(ask({ by: brief }))).toBe(untrusted);
  expect((await ask()).status).toBe(201);
  await cloud.clock.advance(366 * 86_400);
  const young = await issue("CN=alice", { days: [-1, 9] });
  expect(await refusal(ask({ by: young }))).toBe(untrusted);
});

test("what an authority has revoked is refused while its list is enabled, and no other's list counts", async () => {
  const { cloud, call, ask, authority, leaf, trustAnchorArn } = await anywhere();
  const foreign = await makeCertificate(cloud, { name: "CN=Root, O=Example", authority: true });
  const crlOf = async (issuer: typeof authority) => {
    const pem = await makeRevocationList(cloud, issuer, [leaf]);
    const crlData = Buffer.from(pem).toString("base64");
    const { answer } = await call("POST", "/crls", { name: "list", crlData, enabled: true, trustAnchorArn });
    return answer.crl.crlId;
  };
  await crlOf(foreign);
  expect((await ask()).status).toBe(201);
  const crlId = await crlOf(authority);
  expect(await refusal(ask())).toBe("Untrusted certificate. Certificate is revoked");
  await call("POST", `/crl/${crlId}/disable`);
  expect((await ask()).status).toBe(201);
});

test("an authority in between that is revoked takes all it issued with it", async () => {
  const { cloud, call, ask, issue, authority, trustAnchorArn } = await anywhere();
  const middle = await issue("CN=Middle", { authority: true });
  const by = await makeCertificate(cloud, { name: "CN=alice", issuer: middle });
  const crlData = Buffer.from(await makeRevocationList(cloud, authority, [middle])).toString("base64");
  expect((await ask({ by, chain: [middle] })).status).toBe(201);
  await call("POST", "/crls", { name: "list", crlData, enabled: true, trustAnchorArn });
  expect(await refusal(ask({ by, chain: [middle] }))).toBe("Untrusted certificate. Certificate is revoked");
});

test("anchors and profiles that are disabled, and roles that are not in the profile, give no session", async () => {
  const { cloud, call, ask, query, trustAnchorId, profileId } = await anywhere();
  await call("POST", `/trustanchor/${trustAnchorId}/disable`);
  expect((await ask()).status).toBe(403);
  await call("POST", `/trustanchor/${trustAnchorId}/enable`);
  await call("POST", `/profile/${profileId}/disable`);
  expect((await ask()).status).toBe(403);
  await call("POST", `/profile/${profileId}/enable`);
  expect((await ask()).status).toBe(201);
  const roleArn = await makeRole(cloud, "admin", {
    principal: { Service: "rolesanywhere.amazonaws.com" },
    trustActions: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  });
  expect((await ask({ query: { ...query, roleArn } })).status).toBe(403);
  const unknown = `${query.trustAnchorArn.slice(0, -1)}0`.replace(/0$/, (end) =>
    query.trustAnchorArn.endsWith(end) ? "1" : end,
  );
  expect((await ask({ query: { ...query, trustAnchorArn: unknown } })).status).toBe(404);
});

test("a profile of another account gives nothing to those that one's own anchor trusts", async () => {
  const mine = await anywhere();
  const theirs = rolesAnywhere(mine.cloud, mine.cloud.rootOf("111111111111"));
  const authority = await makeCertificate(mine.cloud, { name: "CN=Mallory", authority: true });
  const source = { sourceType: "CERTIFICATE_BUNDLE", sourceData: { x509CertificateData: authority.pem } };
  const made = await theirs("POST", "/trustanchors", { name: "mine", source, enabled: true });
  const by = await makeCertificate(mine.cloud, { name: "CN=alice, OU=web", issuer: authority });
  const { trustAnchorArn } = made.answer.trustAnchor;
  expect((await mine.ask({ by, query: { ...mine.query, trustAnchorArn } })).status).toBe(403);
});

test("without a signature there is no session, and a certificate opens no other operation", async () => {
  const { cloud, leaf, ask, call } = await anywhere();
  const sent = await cloud.send({
    method: "POST",
    path: "/sessions",
    headers: { host: "rolesanywhere.us-east-1.amazonaws.com", "content-type": "application/json" },
    body: "{}",
  });
  expect(sent.statusCode).toBe(403);
  const { answer } = await ask({ by: leaf });
  expect(answer.credentialSet).toHaveLength(1);
  const listed = await call("GET", "/trustanchors");
  expect(listed.status).toBe(200);
});
