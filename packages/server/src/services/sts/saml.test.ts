import { createHash } from "node:crypto";
import { IAMClient, ListUsersCommand, PutRolePolicyCommand, UpdateSAMLProviderCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { encrypted } from "../../../test/encrypted-assertion.ts";
import { policyText } from "../../../test/identities.ts";
import {
  AWS,
  foreignKey,
  invalidResponse,
  ISSUER,
  key,
  PROVIDER,
  ROLE,
  samlNotAuthorized,
  withProvider,
} from "../../../test/saml-identities.ts";

test("a signed response is good for a role that it lists, without credentials", async () => {
  const { cloud, xmlOf, assume } = await withProvider();
  for (const part of ["Assertion", "Response"] as const) {
    const answer = await assume(xmlOf({}, part));
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: "arn:aws:sts::000000000000:assumed-role/staff/ann" },
      Audience: "https://signin.aws.amazon.com/saml",
      Issuer: ISSUER,
      Subject: "ann@example.com",
      SubjectType: "persistent",
      NameQualifier: createHash("sha1").update(`${ISSUER}000000000000/office`).digest("base64"),
    });
    const identity = await cloud.client(STSClient, answer.Credentials).send(new GetCallerIdentityCommand());
    expect(identity.Arn).toBe("arn:aws:sts::000000000000:assumed-role/staff/ann");
    await cloud.client(IAMClient, answer.Credentials).send(new ListUsersCommand());
  }
});

test("pairs of a role and its provider may stand in either order", async () => {
  const { xmlOf, assume } = await withProvider();
  const pairs = [
    { roleArn: PROVIDER, providerArn: ROLE },
    { roleArn: ` ${ROLE}`, providerArn: `${PROVIDER} ` },
  ];
  for (const pair of pairs) {
    const { AssumedRoleUser } = await assume(xmlOf({ roles: [pair] }));
    expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::000000000000:assumed-role/staff/ann");
  }
});

test("a role that the response does not list, or with another provider, is refused", async () => {
  const { xmlOf, assume } = await withProvider();
  const other = { roleArn: "arn:aws:iam::000000000000:role/other", providerArn: PROVIDER };
  const foreign = { roleArn: ROLE, providerArn: "arn:aws:iam::000000000000:saml-provider/other" };
  for (const roles of [[], [other], [foreign], [{ roleArn: `${ROLE},${ROLE}`, providerArn: PROVIDER }]]) {
    await expect(assume(xmlOf({ roles }))).rejects.toMatchObject(samlNotAuthorized());
  }
});

test("a role that does not trust the provider, and one that is not there, answer the same", async () => {
  const { xmlOf, assume } = await withProvider({ condition: { StringEquals: { "saml:sub": "ben@example.com" } } });
  await expect(assume(xmlOf())).rejects.toMatchObject(samlNotAuthorized());
  const RoleArn = "arn:aws:iam::000000000000:role/missing";
  const xml = xmlOf({ roles: [{ roleArn: RoleArn, providerArn: PROVIDER }] });
  await expect(assume(xml, { RoleArn })).rejects.toMatchObject(samlNotAuthorized());
});

test("a provider that is not there, and one that did not issue the response, are refused", async () => {
  const { xmlOf, assume } = await withProvider();
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
  await expect(
    assume(xmlOf(), { PrincipalArn: "arn:aws:iam::000000000000:saml-provider/other" }),
  ).rejects.toMatchObject(invalidResponse("Specified provider doesn't exist"));
  await expect(assume(xmlOf({ issuer: "https://other.example.com" }))).rejects.toMatchObject(
    invalidResponse("Issuer not present in specified provider"),
  );
});

test("attributes of the response are condition keys of the trust policy; who it is stays with the session", async () => {
  const { cloud, xmlOf, assume } = await withProvider({
    condition: {
      StringEquals: {
        "SAML:aud": "https://signin.aws.amazon.com/saml",
        "SAML:iss": ISSUER,
        "SAML:sub_type": "persistent",
        "SAML:doc": "000000000000/office",
      },
      "ForAnyValue:StringLike": { "SAML:eduPersonOrgDN": "ou=sales,*" },
    },
  });
  const condition = {
    StringEquals: { "saml:sub": "ann@example.com", "aws:FederatedProvider": PROVIDER },
    Null: { "saml:iss": "true" },
  };
  const PolicyDocument = policyText({
    Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*", Condition: condition }],
  });
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName: "staff", PolicyName: "rights", PolicyDocument }));
  await expect(assume(xmlOf())).rejects.toMatchObject(samlNotAuthorized());
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
  const attributes = { "urn:oid:1.3.6.1.4.1.5923.1.1.1.3": ["ou=it,o=x", "ou=sales,o=x"] };
  const { Credentials } = await assume(xmlOf({ attributes }));
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
});

const expired = (message: string) => ({ name: "ExpiredTokenException", $metadata: { httpStatusCode: 400 }, message });

test("a response is good until it says, and for five minutes at most", async () => {
  const { cloud, xmlOf, assume } = await withProvider();
  const short = xmlOf({ seconds: 60 });
  const long = xmlOf({ seconds: 3600 });
  await cloud.clock.advance(61);
  // Source: https://github.com/Versent/saml2aws/issues/759
  await expect(assume(short)).rejects.toMatchObject(expired("Response has expired"));
  await assume(long);
  await cloud.clock.advance(240);
  // Source: https://github.com/Nike-Inc/gimme-aws-creds/issues/251
  const late = xmlOf({ seconds: 3600, issuedAtMs: cloud.clock.now().getTime() - 350_000 });
  await expect(assume(late)).rejects.toMatchObject(expired("Token must be redeemed within 5 minutes of issuance"));
  const early = xmlOf({ issuedAtMs: cloud.clock.now().getTime() + 400_000 });
  await expect(assume(early)).rejects.toMatchObject(invalidResponse(/not yet valid/));
});

test("an assertion is good once for each of its roles", async () => {
  const { cloud, xmlOf, assume } = await withProvider();
  const xml = xmlOf({ seconds: 200 });
  await assume(xml);
  await expect(assume(xml)).rejects.toMatchObject({
    name: "IDPRejectedClaimException",
    $metadata: { httpStatusCode: 403 },
  });
  await cloud.clock.advance(250);
  await expect(assume(xml)).rejects.toMatchObject({ name: "ExpiredTokenException" });
});

test("an assertion that a role refused is still good", async () => {
  const { xmlOf, assume } = await withProvider();
  const xml = xmlOf();
  await expect(assume(xml, { DurationSeconds: 3601 })).rejects.toMatchObject({ name: "ValidationError" });
  await assume(xml);
});

test("a response that was not made for AWS is refused", async () => {
  const { xmlOf, assume } = await withProvider({ condition: { StringLike: { "saml:aud": "*" } } });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
  const wrong = invalidResponse("Response does not contain the required audience.");
  const elsewhere = [
    "https://other.example.com/saml",
    "https://signin.aws.amazon.com.evil.example/saml",
    "https://signin.aws.amazon.com/saml/x",
  ];
  for (const recipient of elsewhere) await expect(assume(xmlOf({ recipient }))).rejects.toMatchObject(wrong);
  for (const audience of elsewhere) await expect(assume(xmlOf({ audience }))).rejects.toMatchObject(wrong);
  await assume(xmlOf({ recipient: "https://eu-west-1.signin.aws.amazon.com/saml" }));
  await assume(xmlOf({ audience: "urn:amazon:webservices" }));
});

test("what the provider reports as failed is rejected, what it encrypted cannot be read", async () => {
  const { xmlOf, assume } = await withProvider();
  const failed = xmlOf().replace("status:Success", "status:AuthnFailed");
  await expect(assume(failed)).rejects.toMatchObject({
    name: "IDPRejectedClaimException",
    message: expect.stringContaining("AuthnFailed"),
  });
  const secret = xmlOf().replaceAll("saml:Assertion", "saml:EncryptedAssertion");
  await expect(assume(secret)).rejects.toMatchObject(invalidResponse(/^Encrypted assertions are not supported/));
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html (encrypted assertions),
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html (AssertionEncryptionMode)
test("an encrypted assertion is read with either of the provider's keys, and one in the clear where it may be so", async () => {
  const { cloud, xmlOf, assume } = await withProvider();
  const iam = cloud.client(IAMClient);
  const update = (changes: object) =>
    iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn: PROVIDER, ...changes }));
  const certificate = foreignKey.certificate.replace(/-----[A-Z ]+-----|\s/g, "");
  const secret = await encrypted(xmlOf(), certificate);
  await expect(assume(secret)).rejects.toMatchObject(invalidResponse(/^Encrypted assertions are not supported/));
  for (const { privateKey } of [key, foreignKey])
    await update({ AddPrivateKey: privateKey.export({ type: "pkcs8", format: "pem" }) });
  const { AssumedRoleUser } = await assume(secret);
  expect(AssumedRoleUser?.Arn).toBe("arn:aws:sts::000000000000:assumed-role/staff/ann");
  await assume(xmlOf());
  await update({ AssertionEncryptionMode: "Required" });
  await assume(await encrypted(xmlOf(), certificate));
  await expect(assume(xmlOf())).rejects.toMatchObject(invalidResponse(/has to encrypt/));
});

test("the session's name has to be there, and to be a name", async () => {
  const { xmlOf, assume } = await withProvider();
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
  await expect(assume(xmlOf({ attributes: { [`${AWS}RoleSessionName`]: [] } }))).rejects.toMatchObject(
    invalidResponse("RoleSessionName is required in AuthnResponse"),
  );
  for (const sessionName of ["a b", "a", "x".repeat(65), ""]) {
    await expect(assume(xmlOf({ sessionName }))).rejects.toMatchObject(
      invalidResponse("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"),
    );
  }
});

test("tags and a source identity of the response are the session's, where the trust policy lets them be", async () => {
  const attributes = {
    [`${AWS}PrincipalTag:team`]: ["sales"],
    [`${AWS}TransitiveTagKeys`]: ["team"],
    [`${AWS}SourceIdentity`]: ["ann@example.com"],
  };
  const closed = await withProvider();
  await expect(closed.assume(closed.xmlOf({ attributes }))).rejects.toMatchObject(samlNotAuthorized("sts:TagSession"));
  const { cloud, xmlOf, assume } = await withProvider({
    actions: ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
  });
  const condition = { StringEquals: { "aws:PrincipalTag/team": "sales", "aws:SourceIdentity": "ann@example.com" } };
  const PolicyDocument = policyText({
    Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*", Condition: condition }],
  });
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName: "staff", PolicyName: "rights", PolicyDocument }));
  const { Credentials, SourceIdentity, PackedPolicySize } = await assume(xmlOf({ attributes }));
  expect(SourceIdentity).toBe("ann@example.com");
  expect(PackedPolicySize).toBeGreaterThan(0);
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  const bad = [
    { [`${AWS}SourceIdentity`]: ["aws:me"] },
    { [`${AWS}PrincipalTag:a`]: ["b", "c"] },
    { [`${AWS}SessionDuration`]: ["60"] },
  ];
  for (const each of bad) await expect(assume(xmlOf({ attributes: each }))).rejects.toMatchObject(invalidResponse());
});

test("a session lasts as long as was asked for, the role allows, and the sign-in lasts", async () => {
  const { cloud, xmlOf, assume } = await withProvider({ maxSessionSeconds: 7200 });
  const left = (ends: Date | undefined) => ((ends?.getTime() ?? 0) - cloud.clock.now().getTime()) / 1000;
  // Source: https://github.com/Nike-Inc/gimme-aws-creds/issues/54 (SessionDuration is the console's)
  const usual = await assume(xmlOf({ attributes: { [`${AWS}SessionDuration`]: ["7200"] } }));
  expect(left(usual.Credentials?.Expiration)).toBeLessThanOrEqual(3600);
  const long = await assume(xmlOf(), { DurationSeconds: 7200 });
  expect(left(long.Credentials?.Expiration)).toBeGreaterThan(7190);
  await expect(assume(xmlOf(), { DurationSeconds: 7201 })).rejects.toMatchObject({ name: "ValidationError" });
});

test("the record of a call names whom the response names", async () => {
  const { cloud, xmlOf, assume } = await withProvider();
  const { NameQualifier } = await assume(xmlOf());
  const [record] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "AssumeRoleWithSAML",
  });
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  expect(record?.userIdentity).toEqual({
    type: "SAMLUser",
    principalId: `${NameQualifier}:ann@example.com`,
    userName: "ann@example.com",
    identityProvider: NameQualifier,
  });
});
