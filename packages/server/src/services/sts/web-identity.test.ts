import { IAMClient, ListUsersCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { JWTPayload } from "jose";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { signingPair } from "../../../test/oidc-issuer.ts";
import {
  assumeWithToken,
  elliptic,
  foreign,
  invalid,
  notAuthorized,
  pair,
  withIssuer,
} from "../../../test/web-identities.ts";

test("a token of a registered issuer is good for the role's rights, without credentials", async () => {
  const { cloud, issuer, tokenOf, assume: take } = await withIssuer();
  for (const by of [pair, elliptic]) {
    const answer = await take(await tokenOf({}, by));
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    expect(answer).toMatchObject({
      Provider: issuer.url,
      Audience: "app",
      SubjectFromWebIdentityToken: "user-1",
      AssumedRoleUser: { Arn: "arn:aws:sts::000000000000:assumed-role/mobile/ann" },
    });
    expect(answer.PackedPolicySize).toBeUndefined();
    const identity = await cloud.client(STSClient, answer.Credentials).send(new GetCallerIdentityCommand());
    expect(identity.Arn).toBe("arn:aws:sts::000000000000:assumed-role/mobile/ann");
    await cloud.client(IAMClient, answer.Credentials).send(new ListUsersCommand());
  }
  const fetched = issuer.asked.length;
  await take(await tokenOf());
  expect(issuer.asked.length).toBe(fetched);
});

test("the audience is one of the provider's client ids, and the party that it was issued to counts first", async () => {
  const {
    assume: take,
    tokenOf,
    issuer,
  } = await withIssuer({ condition: (name) => ({ StringEquals: { [`${name}:aud`]: ["app", "spare"] } }) });
  // Source: https://github.com/awslabs/amazon-eks-irsa-cfn/pull/18
  const wrong = invalid("Incorrect token audience");
  await expect(take(await tokenOf({ aud: "other" }))).rejects.toMatchObject(wrong);
  await expect(take(await tokenOf({ aud: "app", azp: "other" }))).rejects.toMatchObject(wrong);
  expect(await take(await tokenOf({ aud: ["other", "app"] }))).toMatchObject({ Audience: "app" });
  expect(await take(await tokenOf({ aud: "else", azp: "spare" }))).toMatchObject({ Audience: "spare" });
  expect(issuer.asked.length).toBeGreaterThan(0);
});

test("a role that does not trust the token, and one that is not there, answer the same", async () => {
  const { assume: take, tokenOf } = await withIssuer();
  await expect(take(await tokenOf({ aud: "spare" }))).rejects.toMatchObject(notAuthorized());
  const RoleArn = "arn:aws:iam::000000000000:role/missing";
  await expect(take(await tokenOf(), { RoleArn })).rejects.toMatchObject(notAuthorized());
});

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/280 */
const unknown = (url: string) => invalid(`No OpenIDConnect provider found in your account for ${url}`);

test("an issuer that the role's account has not registered is refused", async () => {
  const { cloud, tokenOf, issuer, assume: take } = await withIssuer();
  await expect(take(await tokenOf({ iss: `${issuer.url}/` }))).rejects.toMatchObject(unknown(`${issuer.url}/`));
  const RoleArn = "arn:aws:iam::222222222222:role/mobile";
  await expect(assumeWithToken(cloud, await tokenOf(), { RoleArn })).rejects.toMatchObject(unknown(issuer.url));
});

test("claims are condition keys, of the trust policy and of the session", async () => {
  const {
    cloud,
    issuer,
    assume: take,
    tokenOf,
  } = await withIssuer({
    condition: (name) => ({
      StringLike: { [`${name}:sub`]: "user-*" },
      "ForAnyValue:StringEquals": { [`${name}:amr`]: "mfa" },
    }),
  });
  const PolicyDocument = policyText({
    Statement: [
      {
        Effect: "Allow",
        Action: "iam:ListUsers",
        Resource: "*",
        Condition: {
          StringEquals: {
            [`${issuer.name}:sub`]: "user-1",
            "aws:FederatedProvider": `arn:aws:iam::000000000000:oidc-provider/${issuer.name}`,
          },
        },
      },
    ],
  });
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName: "mobile", PolicyName: "rights", PolicyDocument }));
  await expect(take(await tokenOf())).rejects.toMatchObject(notAuthorized());
  await expect(take(await tokenOf({ amr: ["mfa"], sub: "admin" }))).rejects.toMatchObject(notAuthorized());
  const listing = async (sub: string) => {
    const { Credentials } = await take(await tokenOf({ amr: ["pwd", "mfa"], sub }));
    return cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  };
  await listing("user-1");
  await expect(listing("user-2")).rejects.toMatchObject({ name: "AccessDenied" });
});

test("claims that AWS does not know of are no condition keys", async () => {
  const { assume: take, tokenOf } = await withIssuer({
    condition: (name) => ({ StringEquals: { [`${name}:department`]: "sales" } }),
  });
  await expect(take(await tokenOf({ department: "sales" }))).rejects.toMatchObject(notAuthorized());
});

test("a token is good until five minutes after its end, by virtual time", async () => {
  const { cloud, assume: take, tokenOf } = await withIssuer();
  const token = await tokenOf();
  await cloud.clock.advance(3600);
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
  await take(token);
  await cloud.clock.advance(301);
  await expect(take(token)).rejects.toMatchObject({
    name: "ExpiredTokenException",
    $metadata: { httpStatusCode: 400 },
    // Source: https://github.com/aws/aws-sdk-java-v2/issues/5709
    message: expect.stringMatching(
      /^Token expired: current date\/time \d{10} must be before the expiration date\/time \d{10}$/,
    ),
  });
});

test("a token of the future is not good yet", async () => {
  const { assume: take, tokenOf, seconds } = await withIssuer();
  const late = seconds() + 400;
  await expect(take(await tokenOf({ nbf: late }))).rejects.toMatchObject(invalid(/not yet/));
  await expect(take(await tokenOf({ iat: late }))).rejects.toMatchObject(invalid(/not yet/));
  await take(await tokenOf({ nbf: seconds() + 100 }));
});

test("a token that lacks a claim, or has it in another form, is refused", async () => {
  const { assume: take, tokenOf } = await withIssuer();
  for (const claim of ["iss", "sub", "aud", "iat", "exp"]) {
    await expect(take(await tokenOf({ [claim]: undefined })), claim).rejects.toMatchObject(
      invalid(`Missing a required claim: ${claim}`),
    );
  }
  const bad: JWTPayload[] = [{ aud: [] }, { sub: "" }, { exp: 1e300 }, { azp: "" }];
  for (const claims of bad) await expect(take(await tokenOf(claims))).rejects.toMatchObject(invalid());
  const broken = await tokenOf({ exp: Number.MAX_SAFE_INTEGER, iat: -1 });
  await take(broken);
});

test("a key that the issuer has just taken is fetched, one that it has dropped is no longer good", async () => {
  const { cloud, issuer, assume: take, tokenOf } = await withIssuer();
  await take(await tokenOf());
  const next = await signingPair("second");
  const token = await tokenOf({}, next);
  // Source: https://github.com/aws/aws-sdk-js-v3/issues/3052
  await expect(take(token)).rejects.toMatchObject(
    invalid(/^Couldn't retrieve verification key from your identity provider,/),
  );
  issuer.publish(next);
  await take(token);
  await cloud.clock.advance(3000);
  await expect(take(await tokenOf())).rejects.toMatchObject(invalid(/^Couldn't retrieve verification key/));
});

test("a token that names no key is held against all of them", async () => {
  const { issuer, assume: take, claims } = await withIssuer();
  const other = await signingPair("other");
  issuer.publish({ ...pair, published: { ...pair.published, kid: undefined } }, other);
  await take(await issuer.token(claims(), other, { kid: undefined }));
  await expect(take(await issuer.token(claims(), foreign, { kid: undefined }))).rejects.toMatchObject(
    invalid(/signature/),
  );
});

test("tags of the token are the session's, where the trust policy lets them be", async () => {
  const tags = { principal_tags: { team: ["sales"], Floor: "2" }, transitive_tag_keys: ["team"] };
  const closed = await withIssuer();
  const named = { "https://aws.amazon.com/tags": tags };
  await expect(closed.assume(await closed.tokenOf(named))).rejects.toMatchObject(notAuthorized("sts:TagSession"));
  const {
    cloud,
    assume: take,
    tokenOf,
  } = await withIssuer({
    actions: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    condition: () => ({ StringEqualsIfExists: { "aws:RequestTag/team": "sales" } }),
  });
  const PolicyDocument = policyText({
    Statement: [
      {
        Effect: "Allow",
        Action: "iam:ListUsers",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalTag/team": "sales" } },
      },
    ],
  });
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName: "mobile", PolicyName: "rights", PolicyDocument }));
  const { Credentials, PackedPolicySize } = await take(await tokenOf(named));
  expect(PackedPolicySize).toBeGreaterThan(0);
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  const other = { "https://aws.amazon.com/tags": { principal_tags: { team: ["it"] } } };
  await expect(take(await tokenOf(other))).rejects.toMatchObject(notAuthorized());
  const flat = { "https://aws.amazon.com/tags/principal_tags/team": ["sales"] };
  await take(await tokenOf(flat));
  for (const bad of [7, { principal_tags: 7 }, { principal_tags: { a: ["b", "c"] } }, { transitive_tag_keys: [7] }]) {
    await expect(take(await tokenOf({ "https://aws.amazon.com/tags": bad }))).rejects.toMatchObject(invalid());
  }
});

test("a source identity of the token stays with the session, where the trust policy lets it be set", async () => {
  const claim = { "https://aws.amazon.com/source_identity": "ann@example.com" };
  const closed = await withIssuer();
  await expect(closed.assume(await closed.tokenOf(claim))).rejects.toMatchObject(
    notAuthorized("sts:SetSourceIdentity"),
  );
  const { assume: take, tokenOf } = await withIssuer({
    actions: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"],
    condition: () => ({ StringLike: { "sts:SourceIdentity": "*@example.com" } }),
  });
  expect(await take(await tokenOf(claim))).toMatchObject({ SourceIdentity: "ann@example.com" });
});

test("session policies bound the session, and the role its length", async () => {
  const { cloud, assume: take, tokenOf } = await withIssuer({ maxSessionSeconds: 7200 });
  const { Credentials, PackedPolicySize } = await take(await tokenOf(), {
    Policy: policyText(["s3:*"]),
    DurationSeconds: 7200,
  });
  expect(PackedPolicySize).toBeGreaterThan(0);
  const left = ((Credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime()) / 1000;
  expect(left).toBeGreaterThan(7190);
  await expect(cloud.client(IAMClient, Credentials).send(new ListUsersCommand())).rejects.toMatchObject({
    name: "AccessDenied",
  });
  await expect(take(await tokenOf(), { DurationSeconds: 7201 })).rejects.toMatchObject({ name: "ValidationError" });
  await expect(take(await tokenOf(), { Policy: "{}" })).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
  await expect(take(await tokenOf(), { RoleSessionName: "a b" })).rejects.toMatchObject({ name: "ValidationError" });
});

test("the record of a call names whom the token names, in the role's account, also where it was refused", async () => {
  const { cloud, provider, assume: take, tokenOf } = await withIssuer();
  await take(await tokenOf());
  await expect(take(await tokenOf({ aud: "spare" }))).rejects.toMatchObject(notAuthorized());
  const { journal } = cloud.cloud;
  await journal.flush();
  const records = await journal.find({
    limit: 2,
    matches: ({ operation }) => operation === "AssumeRoleWithWebIdentity",
  });
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
  const identity = { type: "WebIdentityUser", userName: "user-1", identityProvider: provider };
  expect(
    records
      .map(({ userIdentity }) => userIdentity)
      .toSorted((a, b) => (a.principalId ?? "").localeCompare(b.principalId ?? "")),
  ).toEqual([
    { ...identity, principalId: `${provider}:app:user-1` },
    { ...identity, principalId: `${provider}:spare:user-1` },
  ]);
  expect(records.map(({ account }) => account)).toEqual(["000000000000", "000000000000"]);
});
