import {
  AdminInitiateAuthCommand,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeRiskConfigurationCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SetRiskConfigurationCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
  type RiskExceptionConfigurationType,
  type SetRiskConfigurationRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { withHostedPages } from "../../../../test/hosted-pages.ts";
import { makePool, secretHash } from "../../../../test/user-pools.ts";

const PASSWORD = "Correct-Horse-7";

async function withRisk(mode: "OFF" | "AUDIT" | "ENFORCED" = "ENFORCED") {
  const pool = await makePool({ UserPoolAddOns: { AdvancedSecurityMode: mode }, UserPoolTier: "PLUS" });
  const { idp, poolId: UserPoolId, clientId: ClientId } = pool;
  await pool.makeUser("ann", PASSWORD, [
    { Name: "email", Value: "ann@example.com" },
    { Name: "email_verified", Value: "true" },
  ]);
  const set = (more: Partial<SetRiskConfigurationRequest>) =>
    idp.send(new SetRiskConfigurationCommand({ UserPoolId, ...more }));
  const block = (list: string[], of?: string) =>
    set({ ClientId: of, RiskExceptionConfiguration: { BlockedIPRangeList: list } });
  const described = async (of?: string) =>
    (await idp.send(new DescribeRiskConfigurationCommand({ UserPoolId, ClientId: of }))).RiskConfiguration;
  const AuthParameters = { USERNAME: "ann", PASSWORD };
  const signIn = () => idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }));
  return { ...pool, UserPoolId, ClientId, AuthParameters, set, block, described, signIn };
}

const blocked = { name: "NotAuthorizedException", message: "Request not allowed due to security reasons." };

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/risk_configuration_test.go
test("what is to happen in a risk is answered as it was set, until it is set back", async () => {
  const { UserPoolId, set, described } = await withRisk();
  expect(await described()).toEqual({ UserPoolId });
  const CompromisedCredentialsRiskConfiguration = {
    EventFilter: ["SIGN_IN" as const],
    Actions: { EventAction: "BLOCK" as const },
  };
  const { RiskConfiguration } = await set({ CompromisedCredentialsRiskConfiguration });
  expect(RiskConfiguration).toMatchObject({ UserPoolId, CompromisedCredentialsRiskConfiguration });
  expect(await described()).toEqual(RiskConfiguration);
  await set({ RiskExceptionConfiguration: { BlockedIPRangeList: ["10.10.10.10/32"] } });
  expect(await described()).not.toHaveProperty("CompromisedCredentialsRiskConfiguration");
  await set({});
  expect(await described()).toEqual({ UserPoolId });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RiskExceptionConfigurationType.html
test("nobody signs in or up, or gets a code, from an address that is always blocked", async () => {
  const { idp, ClientId, block, signIn } = await withRisk();
  await block(["10.0.0.0/8", "127.0.0.0/8"]);
  await expect(signIn()).rejects.toMatchObject(blocked);
  const signUp = idp.send(new SignUpCommand({ ClientId, Username: "eve", Password: PASSWORD }));
  await expect(signUp).rejects.toMatchObject(blocked);
  const forgot = idp.send(new ForgotPasswordCommand({ ClientId, Username: "ann" }));
  await expect(forgot).rejects.toMatchObject(blocked);
  await block(["10.0.0.0/8"]);
  await signIn();
});

test("an administrator says which address a user comes from", async () => {
  const { idp, UserPoolId, ClientId, AuthParameters, block } = await withRisk();
  await block(["203.0.113.0/24", "2001:db8::/32"]);
  const signInFrom = (IpAddress?: string) =>
    idp.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters,
        ...(IpAddress !== undefined && {
          ContextData: { IpAddress, ServerName: "app.example", ServerPath: "/", HttpHeaders: [] },
        }),
      }),
    );
  for (const address of ["203.0.113.7", "2001:db8::1"]) {
    await expect(signInFrom(address), address).rejects.toMatchObject(blocked);
  }
  await signInFrom("203.0.114.7");
  await signInFrom();
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html (EnablePropagateAdditionalUserContextData)
test("an app says which address its user comes from, where its client may", async () => {
  const { UserPoolId, block, ...pool } = await withRisk();
  const { idp } = pool;
  await block(["203.0.113.0/24"]);
  const from = async (EnablePropagateAdditionalUserContextData: boolean, IpAddress: string) => {
    const { UserPoolClient: { ClientId = "", ClientSecret: clientSecret = "" } = {} } = await idp.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "server",
        GenerateSecret: true,
        ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
        EnablePropagateAdditionalUserContextData,
      }),
    );
    const SECRET_HASH = secretHash({ ...pool, clientId: ClientId, clientSecret }, "ann");
    const AuthParameters = { USERNAME: "ann", PASSWORD, SECRET_HASH };
    const asked = { ClientId, AuthFlow: "USER_PASSWORD_AUTH" as const, AuthParameters, UserContextData: { IpAddress } };
    return idp.send(new InitiateAuthCommand(asked));
  };
  await expect(from(true, "203.0.113.7")).rejects.toMatchObject(blocked);
  await from(true, "203.0.114.7");
  await from(false, "203.0.113.7");
});

test("a client's own settings count before the pool's, and go with the client", async () => {
  const { idp, UserPoolId, ClientId, block, described, signIn } = await withRisk();
  await block(["127.0.0.1/32"]);
  await block(["10.0.0.0/8"], ClientId);
  expect(await described(ClientId)).toMatchObject({ UserPoolId, ClientId });
  await signIn();
  await block(["10.0.0.0/8"]);
  await block(["127.0.0.1/32"], ClientId);
  await expect(signIn()).rejects.toMatchObject(blocked);
  await idp.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
  await expect(described(ClientId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetRiskConfiguration.html (audit-only or off)
test("only where threat protection is enforced is anybody blocked", async () => {
  for (const mode of ["OFF", "AUDIT"] as const) {
    const { idp, UserPoolId, block, signIn } = await withRisk(mode);
    await block(["127.0.0.1/32"]);
    await signIn();
    const UserPoolAddOns = { AdvancedSecurityMode: "ENFORCED" as const };
    await idp.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolAddOns }));
    await expect(signIn(), mode).rejects.toMatchObject(blocked);
  }
});

test("what is no range of addresses is refused", async () => {
  const { set } = await withRisk();
  const wrong: readonly RiskExceptionConfigurationType[] = [
    { BlockedIPRangeList: ["10.0.0.1"] },
    { BlockedIPRangeList: ["10.0.0.0/33"] },
    { SkippedIPRangeList: ["example.com/8"] },
  ];
  for (const RiskExceptionConfiguration of wrong) {
    const refused = { name: "InvalidParameterException" };
    await expect(set({ RiskExceptionConfiguration })).rejects.toMatchObject(refused);
  }
});

test("the hosted pages let nobody in from a blocked address either, and say why", async () => {
  const pool = { UserPoolAddOns: { AdvancedSecurityMode: "ENFORCED" as const }, UserPoolTier: "PLUS" as const };
  const { admin, poolId: UserPoolId, signIn, authorizeUrl, browser } = await withHostedPages({ pool });
  const RiskExceptionConfiguration = { BlockedIPRangeList: ["127.0.0.0/8"] };
  await admin.send(new SetRiskConfigurationCommand({ UserPoolId, RiskExceptionConfiguration }));
  const shown = await signIn();
  expect([shown.status, shown.location]).toEqual([400, undefined]);
  expect(shown.text).toContain("Request not allowed due to security reasons.");
  const by = browser();
  const query = authorizeUrl().slice(authorizeUrl().indexOf("?"));
  for (const path of ["/signup", "/forgotPassword"]) {
    const page = await by.get(`${path}${query}`);
    const typed = { username: "ann", password: PASSWORD, "attribute:email": "ann@example.com" };
    expect((await by.submit(page, typed)).text, path).toContain("Request not allowed due to security reasons.");
  }
  await admin.send(new SetRiskConfigurationCommand({ UserPoolId }));
  expect((await signIn()).location?.searchParams.get("code")).toMatch(/./);
});
