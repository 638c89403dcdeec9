/** A cloud, a SAML provider that it knows, and a role for those whom the provider vouches for. */
import { CreateRoleCommand, CreateSAMLProviderCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleWithSAMLCommand, STSClient, type AssumeRoleWithSAMLCommandInput } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import { samlMetadata, samlResponse, type SamlFacts, type SignedPart } from "../src/idp/saml-response.ts";
import { newIdpKey, type IdpKey } from "../src/idp/signing-key.ts";
import { openMemory } from "../src/store/drivers/open.ts";
import { policyText } from "./identities.ts";
import { testCloud } from "./test-cloud.ts";

export const ISSUER = "https://idp.example.com/saml";
export const ROLE = "arn:aws:iam::000000000000:role/staff";
export const PROVIDER = "arn:aws:iam::000000000000:saml-provider/office";
export const AWS = "https://aws.amazon.com/SAML/Attributes/";

/** A key of a provider, with its certificate. */
async function providerKey(): Promise<IdpKey> {
  const { store, sealer } = await openMemory();
  const clock = { now: () => Date.now(), realNow: () => Date.now() };
  const key = await newIdpKey({ store, sealer, clock });
  await store.close();
  return key;
}

export const key = await providerKey();
/** One that the provider's metadata do not have. */
export const foreignKey = await providerKey();

interface Trust {
  readonly condition?: object;
  readonly actions?: readonly string[];
  readonly maxSessionSeconds?: number;
}

export async function withProvider({ condition, actions, maxSessionSeconds }: Trust = {}) {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateSAMLProviderCommand({ Name: "office", SAMLMetadataDocument: samlMetadata(ISSUER, key) }));
  const statement = {
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: actions ?? ["sts:AssumeRoleWithSAML"],
    Condition: condition ?? { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
  };
  const trust = policyText({ Statement: [statement] });
  await iam.send(
    new CreateRoleCommand({
      RoleName: "staff",
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: maxSessionSeconds,
    }),
  );
  const rights = policyText(["iam:ListUsers"]);
  await iam.send(new PutRolePolicyCommand({ RoleName: "staff", PolicyName: "rights", PolicyDocument: rights }));
  const facts = (more: Partial<SamlFacts> = {}): SamlFacts => ({
    issuer: ISSUER,
    subject: "ann@example.com",
    sessionName: "ann",
    roles: [{ roleArn: ROLE, providerArn: PROVIDER }],
    issuedAtMs: cloud.clock.now().getTime(),
    seconds: 300,
    ...more,
  });
  return {
    cloud,
    facts,
    xmlOf: (more: Partial<SamlFacts> = {}, part: SignedPart = "Assertion", by: IdpKey = key) =>
      samlResponse(facts(more), by, part),
    assume: (xml: string, more: Partial<AssumeRoleWithSAMLCommandInput> = {}) =>
      cloud
        .client(STSClient, { accessKeyId: "", secretAccessKey: "" })
        .send(
          new AssumeRoleWithSAMLCommand({ RoleArn: ROLE, PrincipalArn: PROVIDER, SAMLAssertion: base64(xml), ...more }),
        ),
  };
}

const base64 = (xml: string): string => Buffer.from(xml).toString("base64");

/** What the SDK throws for a response that is not believed. */
export const invalidResponse = (message: string | RegExp = /./) => ({
  name: "InvalidIdentityTokenException",
  $metadata: { httpStatusCode: 400 },
  message: typeof message === "string" ? message : expect.stringMatching(message),
});

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html */
export const samlNotAuthorized = (action = "sts:AssumeRoleWithSAML") => ({
  name: "AccessDenied",
  $metadata: { httpStatusCode: 403 },
  message: `Not authorized to perform ${action}`,
});
