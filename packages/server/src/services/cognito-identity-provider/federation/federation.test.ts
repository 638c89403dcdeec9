/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html and the pages below it. */
import {
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  AdminListGroupsForUserCommand,
  CreateIdentityProviderCommand,
  ListUsersCommand,
  UpdateUserPoolCommand,
  type CreateIdentityProviderCommandInput,
  type CreateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { CALLBACK, withHostedPages, type Browser } from "../../../../test/hosted-pages.ts";
import { signingPair, testIssuer, type SigningPair, type TestIssuer } from "../../../../test/oidc-issuer.ts";
import type { TestCloud } from "../../../../test/test-cloud.ts";
import { FUNCTION, letPoolIn } from "../../../../test/triggered-pools.ts";

const ANN = { sub: "ann-1", email: "ann@office.example.com", email_verified: true, groups: ["staff", "press"] };

interface Settings {
  readonly pool?: Partial<CreateUserPoolCommandInput>;
  readonly provider?: Partial<CreateIdentityProviderCommandInput>;
  readonly supported?: string[];
}

/** Pages of a pool whose users sign in at `Office`, and that office. */
async function withOffice({ pool = {}, provider = {}, supported = ["Office"] }: Settings = {}, home?: TestCloud) {
  const pair = await signingPair("k1");
  const office = await testIssuer(pair);
  const discovery = {
    issuer: office.url,
    jwks_uri: `${office.url}/keys`,
    authorization_endpoint: `${office.url}/authorize?tenant=1`,
    token_endpoint: `${office.url}/token`,
  };
  tell(office, "/.well-known/openid-configuration", discovery);
  const pages = await withHostedPages({ pool }, home);
  const { admin, poolId: UserPoolId } = pages;
  const made = await admin.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: "Office",
      ProviderType: "OIDC",
      ProviderDetails: {
        client_id: "pool",
        client_secret: "s3cret",
        oidc_issuer: office.url,
        authorize_scopes: "openid email",
        attributes_request_method: "GET",
      },
      AttributeMapping: { email: "email", email_verified: "email_verified" },
      IdpIdentifiers: ["office.example.com"],
      ...provider,
    }),
  );
  const { id } = await pages.newClient({ SupportedIdentityProviders: supported });
  const world = { ...pages, office, pair, app: { id }, discovery, provider: made.IdentityProvider };
  return { ...world, visit: visitor(world) };
}

const tell = ({ answers }: TestIssuer, path: string, body: object, status = 200) =>
  answers.set(`/pool${path}`, { status, body: JSON.stringify(body) });

interface Visited {
  readonly cloud: TestCloud;
  readonly office: TestIssuer;
  readonly pair: SigningPair;
  readonly app: { readonly id: string };
  browser(): Browser;
}

/** Leads a browser to the office, which says there who came, and back. */
const visitor =
  (world: Visited) =>
  async (claims: object = ANN, more: Record<string, string> = {}, by = world.browser()) => {
    const { cloud, office, pair, app } = world;
    const query = { client_id: app.id, response_type: "code", redirect_uri: CALLBACK, state: "s1", ...more };
    const led = await by.get(`/oauth2/authorize?${new URLSearchParams(query).toString()}`);
    const asked = led.location;
    const nowSeconds = Math.floor(cloud.clock.now().getTime() / 1000);
    const times = { iat: nowSeconds, exp: nowSeconds + 600 };
    const nonce = asked?.searchParams.get("nonce") ?? "";
    const id_token = await office.token({ aud: "pool", nonce, ...times, ...claims }, pair);
    tell(office, "/token", { access_token: "at-1", id_token, token_type: "Bearer" });
    const answer = { code: `c-${nonce}`, state: asked?.searchParams.get("state") ?? "" };
    const back = await by.get(`/oauth2/idpresponse?${new URLSearchParams(answer).toString()}`);
    return { asked, back, by, answer };
  };

const parametersOf = (url: URL | undefined) => Object.fromEntries(url?.searchParams ?? []);

test("a user signs in at an OpenID Connect provider, and is a user of the pool from then on", async () => {
  const { admin, poolId: UserPoolId, app, office, visit, redeem } = await withOffice();
  const { asked, back } = await visit();
  expect(`${asked?.origin}${asked?.pathname}`).toBe(`${office.url}/authorize`);
  expect(parametersOf(asked)).toMatchObject({
    tenant: "1",
    response_type: "code",
    client_id: "pool",
    scope: "openid email",
    redirect_uri: expect.stringMatching(
      /^http:\/\/customers\.auth\.us-east-1\.amazoncognito\.com\.localhost.*\/oauth2\/idpresponse$/,
    ),
  });
  expect(Object.fromEntries(office.forms[0] ?? [])).toMatchObject({
    grant_type: "authorization_code",
    client_id: "pool",
    client_secret: "s3cret",
    redirect_uri: asked?.searchParams.get("redirect_uri"),
  });
  const { code = "", state } = parametersOf(back.location);
  expect(state).toBe("s1");
  const { id_token } = JSON.parse((await redeem(code, { client_id: app.id })).text);
  const Username = "Office_ann-1";
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
  expect(decodeJwt(id_token)).toMatchObject({
    "cognito:username": Username,
    "cognito:groups": [`${UserPoolId}_Office`],
    email: ANN.email,
    email_verified: true,
    identities: [
      {
        userId: "ann-1",
        providerName: "Office",
        providerType: "OIDC",
        issuer: null,
        primary: "true",
        dateCreated: expect.any(String),
      },
    ],
  });
  const user = await admin.send(new AdminGetUserCommand({ UserPoolId, Username }));
  expect(user).toMatchObject({ UserStatus: "EXTERNAL_PROVIDER", Enabled: true });
  const { Groups } = await admin.send(new AdminListGroupsForUserCommand({ UserPoolId, Username }));
  expect(Groups).toMatchObject([{ GroupName: `${UserPoolId}_Office` }]);
});

test("who comes again is the same user, with what the provider says by now", async () => {
  const { admin, poolId: UserPoolId, visit } = await withOffice();
  await visit();
  await visit({ ...ANN, email: "ann@new.example.com" });
  const { Users = [] } = await admin.send(
    new ListUsersCommand({ UserPoolId, Filter: 'cognito:user_status = "EXTERNAL_PROVIDER"' }),
  );
  expect(Users.map(({ Attributes = [] }) => Attributes.find(({ Name }) => Name === "email")?.Value)).toEqual([
    "ann@new.example.com",
  ]);
  await admin.send(new AdminDisableUserCommand({ UserPoolId, Username: "Office_ann-1" }));
  expect(parametersOf((await visit()).back.location)).toMatchObject({ error: "invalid_request" });
});

test("what a provider tells of its users in another place counts as well, of the same user only", async () => {
  const {
    admin,
    poolId: UserPoolId,
    office,
    discovery,
    visit,
  } = await withOffice({
    provider: { AttributeMapping: { email: "email", name: "display_name" } },
  });
  tell(office, "/.well-known/openid-configuration", { ...discovery, userinfo_endpoint: `${office.url}/user` });
  tell(office, "/user", { sub: "ann-1", display_name: "Ann" });
  await visit();
  const { UserAttributes } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username: "Office_ann-1" }));
  expect(UserAttributes).toContainEqual({ Name: "name", Value: "Ann" });
  expect(UserAttributes).toContainEqual({ Name: "email_verified", Value: "false" });
  tell(office, "/user", { sub: "eve", display_name: "Eve" });
  expect(parametersOf((await visit()).back.location)).toMatchObject({ error: "invalid_request", state: "s1" });
});

test("a linked user signs in at the provider as who they were before, by what it calls them or by an attribute", async () => {
  const { admin, poolId: UserPoolId, app, visit, redeem } = await withOffice();
  const link = (ProviderAttributeName: string, ProviderAttributeValue: string) =>
    admin.send(
      new AdminLinkProviderForUserCommand({
        UserPoolId,
        DestinationUser: { ProviderName: "Cognito", ProviderAttributeValue: "ann" },
        SourceUser: { ProviderName: "Office", ProviderAttributeName, ProviderAttributeValue },
      }),
    );
  await link("Cognito_Subject", "ann-1");
  await link("staff_id", "77");
  for (const claims of [ANN, { sub: "other", email: ANN.email, staff_id: "77" }]) {
    const { code = "" } = parametersOf((await visit(claims)).back.location);
    const { id_token } = JSON.parse((await redeem(code, { client_id: app.id })).text);
    expect(decodeJwt(id_token)["cognito:username"]).toBe("ann");
  }
});

test("the provider is named by the app, by one of its identifiers, or chosen on the page", async () => {
  const { browser, office, app, visit } = await withOffice({ supported: ["COGNITO", "Office"] });
  const by = browser();
  const query = { client_id: app.id, response_type: "code", redirect_uri: CALLBACK };
  const authorize = (more: Record<string, string> = {}) =>
    by.get(`/oauth2/authorize?${new URLSearchParams({ ...query, ...more }).toString()}`);
  const page = await by.get((await authorize()).location?.href ?? "");
  expect(page.text).toContain("Sign in with Office");
  for (const more of [{ identity_provider: "Office" }, { idp_identifier: "office.example.com" }])
    expect((await authorize(more)).location?.href).toContain(office.url);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (login_hint, prompt)
  const hinted = { identity_provider: "Office", login_hint: "ann", prompt: "select_account" };
  expect(parametersOf((await authorize(hinted)).location)).toMatchObject({
    login_hint: "ann",
    prompt: "select_account",
  });
  for (const more of [{ identity_provider: "Elsewhere" }, { idp_identifier: "elsewhere.example.com" }])
    expect(parametersOf((await authorize(more)).location)).toMatchObject({ error: "invalid_request" });
  const { back } = await visit(ANN, { identity_provider: "Office" });
  expect(back.location?.searchParams.has("code")).toBe(true);
});

test("an answer is good once, in the browser that asked, within five minutes", async () => {
  const { cloud, browser, visit, app } = await withOffice();
  const { answer, by } = await visit();
  const path = `/oauth2/idpresponse?${new URLSearchParams(answer).toString()}`;
  expect(await by.get(path)).toMatchObject({ status: 400, text: expect.stringContaining("Invalid state") });
  const query = new URLSearchParams({ client_id: app.id, response_type: "code", redirect_uri: CALLBACK });
  const begin = async (who: Browser) => (await who.get(`/oauth2/authorize?${query.toString()}`)).location;
  const [victim, thief] = [browser(), browser()];
  const begun = await begin(thief);
  const stolen = new URLSearchParams({ code: "c", state: begun?.searchParams.get("state") ?? "" });
  await begin(victim);
  expect((await victim.get(`/oauth2/idpresponse?${stolen.toString()}`)).text).toContain("Invalid state");
  const slow = browser();
  const late = new URLSearchParams({ code: "c", state: (await begin(slow))?.searchParams.get("state") ?? "" });
  await cloud.clock.advance(300);
  expect((await slow.get(`/oauth2/idpresponse?${late.toString()}`)).text).toContain("Invalid state");
});

test("what a provider refuses, or says that nobody can verify, goes to the app as an error", async () => {
  const { browser, cloud, office, visit, app } = await withOffice();
  const told = async (claims: object) => parametersOf((await visit(claims)).back.location);
  expect(await told({ ...ANN, aud: "another" })).toMatchObject({ error: "invalid_request" });
  expect(await told({ ...ANN, nonce: "another" })).toMatchObject({ error: "invalid_request" });
  expect(await told({ ...ANN, iss: "https://elsewhere.example.com" })).toMatchObject({ error: "invalid_request" });
  expect(await told({ ...ANN, exp: 1 })).toMatchObject({ error: "invalid_request" });
  office.publish(await signingPair("k2"));
  // keys are believed for a while
  await cloud.clock.advance(600);
  expect(await told(ANN)).toMatchObject({ error: "invalid_request" });

  const by = browser();
  const begin = async () => {
    const query = new URLSearchParams({
      client_id: app.id,
      response_type: "code",
      redirect_uri: CALLBACK,
      state: "s1",
    });
    return (await by.get(`/oauth2/authorize?${query.toString()}`)).location?.searchParams.get("state") ?? "";
  };
  const answer = async (more: Record<string, string>) => {
    const query = new URLSearchParams({ state: await begin(), ...more });
    return parametersOf((await by.get(`/oauth2/idpresponse?${query.toString()}`)).location);
  };
  expect(await answer({ error: "access_denied", error_description: "not today" })).toEqual({
    from: "login",
    error: "access_denied",
    error_description: "not today",
    state: "s1",
  });
  tell(office, "/token", { error: "invalid_grant" }, 400);
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (Examples of negative responses)
  expect(await answer({ code: "c" })).toMatchObject({
    error: "invalid_request",
    error_description: "Office Error - 400 error getting token",
  });
});

test("nobody comes in without what the pool requires", async () => {
  const Schema = [{ Name: "family_name", Required: true, Mutable: true }];
  const { visit, admin, poolId: UserPoolId } = await withOffice({ pool: { Schema, AutoVerifiedAttributes: [] } });
  expect(parametersOf((await visit()).back.location)).toMatchObject({
    error: "invalid_request",
    error_description: "attributes required: [family_name]",
  });
  const refused = admin.send(new AdminGetUserCommand({ UserPoolId, Username: "Office_ann-1" }));
  await expect(refused).rejects.toMatchObject({ name: "UserNotFoundException" });
});

/** An office whose users a function sees before the pool does. */
async function withFunction(source: string, ...triggers: string[]) {
  const functions = await functionWorld();
  await functions.create("asked", `export const handler = async (event) => { ${source} return event; };`);
  const inbound = { LambdaVersion: "V1_0", LambdaArn: FUNCTION } as const;
  const LambdaConfig = {
    InboundFederation: inbound,
    ...Object.fromEntries(triggers.map((trigger) => [trigger, FUNCTION])),
  };
  const world = await withOffice({}, functions.cloud);
  await letPoolIn(functions, world.poolId);
  await world.admin.send(new UpdateUserPoolCommand({ UserPoolId: world.poolId, LambdaConfig }));
  return world;
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
test("a function changes what a provider says of a user before the pool keeps it", async () => {
  const {
    admin,
    poolId: UserPoolId,
    visit,
  } = await withFunction(`
    const { providerName, providerType, attributes } = event.request;
    if (event.triggerSource !== "InboundFederation_ExternalProvider") throw new Error(event.triggerSource);
    if (providerName + providerType + attributes.tokenResponse.access_token !== "OfficeOIDCat-1") throw new Error(providerName);
    event.response.userAttributesToMap = { email: attributes.idToken.groups + "@example.com" };`);
  await visit({ ...ANN, groups: "staff" });
  const { UserAttributes } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username: "Office_ann-1" }));
  expect(UserAttributes).toContainEqual({ Name: "email", Value: "staff@example.com" });
  // what the function leaves out is not there
  expect(UserAttributes).toContainEqual({ Name: "email_verified", Value: "false" });
});

test("functions hear of users who come from a provider as they do of others, and refuse them", async () => {
  const heard = `
    if (event.triggerSource.startsWith("InboundFederation") && event.userName === "eve") throw new Error("not you");
    if (event.triggerSource === "PreSignUp_ExternalProvider" && event.userName === "Office_bob") throw new Error("not him");
    if (event.triggerSource === "PreAuthentication_Authentication") throw new Error("not twice");`;
  const { visit } = await withFunction(heard, "PreSignUp", "PreAuthentication", "PostConfirmation");
  const told = async (claims: object) => parametersOf((await visit(claims)).back.location);
  expect(await told({ ...ANN, sub: "eve" })).toMatchObject({
    error: "invalid_request",
    error_description: "InboundFederation failed with error not you.",
  });
  expect(await told({ ...ANN, sub: "bob" })).toMatchObject({
    error_description: "PreSignUp failed with error not him.",
  });
  expect((await told(ANN))["code"]).toBeDefined();
  expect(await told(ANN)).toMatchObject({ error_description: "PreAuthentication failed with error not twice." });
});

test("a function that says nothing leaves all as the provider says it", async () => {
  const { admin, poolId: UserPoolId, visit } = await withFunction("event.response.userAttributesToMap = {};");
  await visit();
  const { UserAttributes } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username: "Office_ann-1" }));
  expect(UserAttributes).toContainEqual({ Name: "email", Value: ANN.email });
});
