import { CreateUserPoolCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { testCloud, type TestCloud } from "../test-cloud.ts";

const PAGE = { host: "localhost:4566", origin: "https://app.example.com" };

const ask = (cloud: TestCloud, wanted: string) =>
  cloud.send({
    method: "OPTIONS",
    path: "/",
    headers: { ...PAGE, "access-control-request-method": "POST", "access-control-request-headers": wanted },
  });

const call = (cloud: TestCloud, target: string, more: Record<string, string> = {}) =>
  cloud.send({
    method: "POST",
    path: "/",
    headers: { ...PAGE, "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...more },
    body: "{}",
  });

const CALL = "content-type,x-amz-target,x-amz-user-agent";

test("a page may ask to make a call that it does not sign, and never one that it signs", async () => {
  const cloud = await testCloud();
  expect((await ask(cloud, CALL)).headers).toMatchObject({ "access-control-allow-origin": "*" });
  for (const signed of [`${CALL},authorization`, `${CALL},x-amz-date`, `${CALL},x-amz-security-token`]) {
    expect((await ask(cloud, signed)).headers).not.toHaveProperty("access-control-allow-origin");
  }
});

test("the answer to an open call of a user pool is for the page to read, refusals included", async () => {
  const cloud = await testCloud();
  await cloud.client(CognitoIdentityProviderClient).send(new CreateUserPoolCommand({ PoolName: "app" }));
  const { statusCode, headers } = await call(cloud, "AWSCognitoIdentityProviderService.InitiateAuth");
  expect(statusCode).toBe(400);
  expect(headers["access-control-allow-origin"]).toBe("*");
});

test("what is for administrators, and what other services answer, no page reads", async () => {
  const cloud = await testCloud();
  for (const target of [
    "AWSCognitoIdentityProviderService.ListUserPools",
    "AWSOrganizationsV20161128.DescribeOrganization",
    "TrentService.ListKeys",
  ]) {
    expect((await call(cloud, target)).headers).not.toHaveProperty("access-control-allow-origin");
  }
  const signed = await call(cloud, "AWSCognitoIdentityProviderService.InitiateAuth", {
    authorization: "AWS4-HMAC-SHA256 x",
  });
  expect(signed.headers).not.toHaveProperty("access-control-allow-origin");
});
