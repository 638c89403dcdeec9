import { createHash } from "node:crypto";
import {
  CreateApplicationAssignmentCommand,
  CreateApplicationCommand,
  CreateTrustedTokenIssuerCommand,
  PutApplicationAccessScopeCommand,
  PutApplicationAuthenticationMethodCommand,
  PutApplicationGrantCommand,
  UpdateApplicationCommand,
  type Grant,
  type GrantType,
} from "@aws-sdk/client-sso-admin";
import { ListAccountsCommand, SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenWithIAMCommand,
  SSOOIDCClient,
  type CreateTokenWithIAMCommandInput,
} from "@aws-sdk/client-sso-oidc";
import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../../test/identities.ts";
import { browserAt, firstSignIn, tokenOf } from "../../../../test/identity-center-portal.ts";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { signingPair, testIssuer } from "../../../../test/oidc-issuer.ts";

const REDIRECT = "https://shop.example.com/callback";
const VERIFIER = "v".repeat(64);
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

/** An application that Ann may use. */
async function withApplication() {
  const center = await withIdentityCenter();
  const { cloud, client, InstanceArn, admin } = center;
  const { ApplicationArn = "" } = await client.send(
    new CreateApplicationCommand({
      InstanceArn,
      Name: "shop",
      ApplicationProviderArn: "arn:aws:sso::aws:applicationProvider/custom",
    }),
  );
  const PrincipalId = await center.addUser("ann");
  await client.send(new CreateApplicationAssignmentCommand({ ApplicationArn, PrincipalId, PrincipalType: "USER" }));
  const Scope = "sso:account:access";
  await client.send(new PutApplicationAccessScopeCommand({ ApplicationArn, Scope }));
  const create = (more: Partial<CreateTokenWithIAMCommandInput>, as = admin) =>
    cloud
      .client(SSOOIDCClient, as)
      .send(new CreateTokenWithIAMCommand({ clientId: ApplicationArn, grantType: "authorization_code", ...more }));
  return {
    ...center,
    ApplicationArn,
    create,
    grant: (type: GrantType, given: Grant) =>
      client.send(new PutApplicationGrantCommand({ ApplicationArn, GrantType: type, Grant: given })),
  };
}

type World = Awaited<ReturnType<typeof withApplication>>;

/** A code that the user's browser brings back. */
async function codeFor({ cloud, IdentityStoreId, ApplicationArn }: World, user: string): Promise<string | null> {
  const query = {
    response_type: "code",
    client_id: ApplicationArn,
    redirect_uri: REDIRECT,
    code_challenge_method: "S256",
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  };
  const headers = { host: "oidc.us-east-1.amazonaws.com" };
  const asked = await cloud.send({ method: "GET", path: "/authorize", query, headers });
  expect(asked.headers["location"]).toContain(`https://${IdentityStoreId}.awsapps.com/start/authorize?`);
  const browser = browserAt(cloud, IdentityStoreId);
  const consent = await firstSignIn(cloud, browser, user, asked.headers["location"]);
  const { location = "" } = await browser.submit(consent, { answer: "allow" });
  expect(location).toContain(REDIRECT);
  return new URL(location).searchParams.get("code");
}

const brought = (code: string | null) => ({ code: code ?? "", codeVerifier: VERIFIER, redirectUri: REDIRECT });

test("an application gets a token for a code, and another for the refresh token", async () => {
  const world = await withApplication();
  const { cloud, create, grant } = world;
  await grant("authorization_code", { AuthorizationCode: { RedirectUris: [REDIRECT] } });
  await grant("refresh_token", { RefreshToken: {} });
  const { accessToken, refreshToken, scope, expiresIn } = await create(brought(await codeFor(world, "ann")));
  expect({ scope, expiresIn }).toEqual({ scope: ["sso:account:access"], expiresIn: 3600 });
  await cloud.client(SSOClient).send(new ListAccountsCommand({ accessToken }));
  const renewed = await create({ grantType: "refresh_token", refreshToken });
  expect(renewed.accessToken).not.toBe(accessToken);
  const asked = create({ grantType: "refresh_token", refreshToken, scope: ["other:scope"] });
  await expect(asked).rejects.toMatchObject({ name: "InvalidScopeException" });
});

test("only who is assigned gets in, and only to what is enabled and granted", async () => {
  const world = await withApplication();
  const { create, grant, addUser, client, ApplicationArn } = world;
  await expect(create(brought("x"))).rejects.toMatchObject({ name: "UnauthorizedClientException" });
  await grant("authorization_code", { AuthorizationCode: { RedirectUris: [REDIRECT] } });
  await addUser("bob");
  const code = await codeFor(world, "bob");
  await expect(create(brought(code))).rejects.toMatchObject({ name: "AccessDeniedException", error: "access_denied" });
  await expect(create({ grantType: "password" })).rejects.toMatchObject({ name: "UnsupportedGrantTypeException" });
  await client.send(new UpdateApplicationCommand({ ApplicationArn, Status: "DISABLED" }));
  await expect(create(brought(code))).rejects.toMatchObject({ name: "InvalidClientException" });
});

test("who may ask for tokens is said by identity policies or by the application's own", async () => {
  const world = await withApplication();
  const { cloud, create, grant, client, ApplicationArn } = world;
  await grant("authorization_code", { AuthorizationCode: { RedirectUris: [REDIRECT] } });
  const worker = await makeUser(cloud, "worker");
  const code = await codeFor(world, "ann");
  await expect(create(brought(code), worker)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const Statement = [
    { Effect: "Allow", Principal: { AWS: worker.arn }, Action: "sso-oauth:CreateTokenWithIAM", Resource: "*" },
  ];
  await client.send(
    new PutApplicationAuthenticationMethodCommand({
      ApplicationArn,
      AuthenticationMethodType: "IAM",
      AuthenticationMethod: { Iam: { ActorPolicy: { Version: "2012-10-17", Statement } } },
    }),
  );
  await create(brought(code), worker);
});

test("a token of another client is exchanged for one of the application", async () => {
  const { cloud, create, grant, IdentityStoreId } = await withApplication();
  await grant(TOKEN_EXCHANGE, { TokenExchange: {} });
  const subjectToken = await tokenOf(cloud, IdentityStoreId, "ann");
  const subjectTokenType = "urn:ietf:params:oauth:token-type:access_token";
  const asked = { grantType: TOKEN_EXCHANGE, subjectToken, subjectTokenType };
  const { accessToken, issuedTokenType } = await create(asked);
  expect(issuedTokenType).toBe(subjectTokenType);
  await cloud.client(SSOClient).send(new ListAccountsCommand({ accessToken }));
  await expect(create({ ...asked, subjectToken: "x" })).rejects.toMatchObject({ name: "InvalidGrantException" });
});

test("a trusted issuer's token stands for the user whom it means, for an audience that is authorized", async () => {
  const { cloud, create, grant, client, InstanceArn } = await withApplication();
  const pair = await signingPair("first");
  const issuer = await testIssuer(pair);
  const OidcJwtConfiguration = {
    IssuerUrl: issuer.url,
    ClaimAttributePath: "email",
    IdentityStoreAttributePath: "emails.value",
    JwksRetrievalOption: "OPEN_ID_DISCOVERY",
  } as const;
  const { TrustedTokenIssuerArn } = await client.send(
    new CreateTrustedTokenIssuerCommand({
      InstanceArn,
      Name: "office",
      TrustedTokenIssuerType: "OIDC_JWT",
      TrustedTokenIssuerConfiguration: { OidcJwtConfiguration },
    }),
  );
  const AuthorizedTokenIssuers = [{ TrustedTokenIssuerArn, AuthorizedAudiences: ["shop"] }];
  await grant(JWT_BEARER, { JwtBearer: { AuthorizedTokenIssuers } });
  const nowSeconds = Math.floor(cloud.clock.now().getTime() / 1000);
  const claims = { sub: "1", aud: "shop", email: "ann@example.com", iat: nowSeconds, exp: nowSeconds + 300 };
  const bring = async (more: object, by = pair) =>
    create({ grantType: JWT_BEARER, assertion: await issuer.token({ ...claims, ...more }, by) });
  const { accessToken } = await bring({});
  await cloud.client(SSOClient).send(new ListAccountsCommand({ accessToken }));
  const invalid = { name: "InvalidGrantException", error: "invalid_grant" };
  await expect(bring({ aud: "other" })).rejects.toMatchObject(invalid);
  await expect(bring({ email: "eve@example.com" })).rejects.toMatchObject(invalid);
  await expect(bring({ exp: nowSeconds - 600 })).rejects.toMatchObject(invalid);
  await expect(bring({}, await signingPair("first"))).rejects.toMatchObject(invalid);
});

test("a role taken on for a user knows the user, where the role's trust policy lets that be", async () => {
  const { cloud, create, grant, IdentityStoreId, ApplicationArn, admin } = await withApplication();
  await grant(TOKEN_EXCHANGE, { TokenExchange: {} });
  const { awsAdditionalDetails: details } = await create({
    grantType: TOKEN_EXCHANGE,
    subjectToken: await tokenOf(cloud, IdentityStoreId, "ann"),
    subjectTokenType: "urn:ietf:params:oauth:token-type:access_token",
  });
  const Condition = {
    StringEquals: { "identitycenter:ApplicationArn": ApplicationArn },
    Null: { "identitystore:UserId": "false" },
  };
  const allow = { Statement: [{ Effect: "Allow", Action: "iam:ListUsers", Resource: "*", Condition }] };
  const assume = (RoleArn: string, ContextAssertion: string | undefined) =>
    cloud.client(STSClient, admin).send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: "ann",
        ProvidedContexts: [{ ProviderArn: "arn:aws:iam::aws:contextProvider/IdentityCenter", ContextAssertion }],
      }),
    );
  const context = details?.identityContext;
  const closed = await makeRole(cloud, "closed", { trusts: admin.arn, allow });
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation-identity-enhanced-iam-role-sessions.html
  await expect(assume(closed, context)).rejects.toMatchObject({ name: "AccessDenied" });
  const open = await makeRole(cloud, "open", {
    trusts: admin.arn,
    trustActions: ["sts:AssumeRole", "sts:SetContext"],
    allow,
  });
  const { Credentials } = await assume(open, context);
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand());
  const plain = await cloud
    .client(STSClient, admin)
    .send(new AssumeRoleCommand({ RoleArn: open, RoleSessionName: "ann" }));
  const listing = cloud.client(IAMClient, plain.Credentials).send(new ListUsersCommand());
  await expect(listing).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(assume(open, context?.slice(0, -8))).rejects.toMatchObject({ name: "ValidationError" });
  await cloud.clock.advance(3601);
  await expect(assume(open, context)).rejects.toMatchObject({ name: "ValidationError" });
});
