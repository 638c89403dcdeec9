import {
  DisableOutboundWebIdentityFederationCommand,
  EnableOutboundWebIdentityFederationCommand,
  GetOutboundWebIdentityFederationInfoCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

test("outbound federation is switched on and off, its issuer stays", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const show = () => iam.send(new GetOutboundWebIdentityFederationInfoCommand({}));
  await expect(show()).rejects.toMatchObject({ name: "FeatureDisabledException" });
  const { IssuerIdentifier } = await iam.send(new EnableOutboundWebIdentityFederationCommand({}));
  expect(IssuerIdentifier).toMatch(/^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/);
  expect(await show()).toMatchObject({ IssuerIdentifier, JwtVendingEnabled: true });
  await expect(iam.send(new EnableOutboundWebIdentityFederationCommand({}))).rejects.toMatchObject({
    name: "FeatureEnabledException",
  });
  await iam.send(new DisableOutboundWebIdentityFederationCommand({}));
  await expect(show()).rejects.toMatchObject({ name: "FeatureDisabledException" });
  const again = await iam.send(new EnableOutboundWebIdentityFederationCommand({}));
  expect(again.IssuerIdentifier).toBe(IssuerIdentifier);
});
