import { X509Certificate } from "node:crypto";
import { CognitoIdentityProviderClient, GetSigningCertificateCommand } from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool } from "../../../../test/user-pools.ts";

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetSigningCertificate.html
test("a pool's certificate is good for ten years, and another one takes its place after one", async () => {
  const { idp, cloud, poolId: UserPoolId } = await makePool();
  const read = async () => (await idp.send(new GetSigningCertificateCommand({ UserPoolId }))).Certificate ?? "";
  const first = await read();
  const certificate = new X509Certificate(Buffer.from(first, "base64"));
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const years = (certificate.validToDate.getTime() - cloud.clock.now().getTime()) / (365 * 86_400_000);
  expect(Math.round(years)).toBe(10);
  expect(await read()).toBe(first);
  await cloud.clock.advance(365 * 86_400);
  const second = await read();
  expect(second).not.toBe(first);
  const other = await makePool({}, cloud);
  const { Certificate } = await idp.send(new GetSigningCertificateCommand({ UserPoolId: other.poolId }));
  expect([first, second]).not.toContain(Certificate);
  const stranger = cloud.client(CognitoIdentityProviderClient, cloud.rootOf("111111111111"));
  await expect(stranger.send(new GetSigningCertificateCommand({ UserPoolId }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
