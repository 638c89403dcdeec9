import { expect, test } from "vitest";
import { SERVICES } from "../../src/services.ts";
import { serviceIndex } from "../../src/model/models.ts";
import packageFacts from "../../package.json" with { type: "json" };
import { exchangeBytes, testServer } from "./raw-http.ts";

// Source: https://docs.localstack.cloud/aws/capabilities/config/internal-endpoints/
test("a script that polls another emulator's health finds the services that are built, and no others", async () => {
  const { endpoint } = await testServer();
  const response = await fetch(`${endpoint}/_localstack/health`);
  expect(response.status).toBe(200);
  const health: { services: Record<string, string>; version: string } = JSON.parse(await response.text());
  expect(health.version).toBe(packageFacts.version);
  for (const name of ["s3", "iam", "sts", "cognito-idp"]) expect(health.services[name]).toBe("available");
  expect(new Set(Object.values(health.services))).toEqual(new Set(["available"]));
  const modelled = serviceIndex().filter(({ id }) => id in SERVICES);
  expect(Object.keys(health.services)).toHaveLength(modelled.length);
  expect(health.services["ec2"]).toBeUndefined();
});

test("a script that waits for a start that is done goes on", async () => {
  const { endpoint } = await testServer();
  expect(await (await fetch(`${endpoint}/_localstack/init/ready`)).json()).toEqual({ completed: true, scripts: [] });
});

test("a container's check may ask for the head alone, and by any name of the machine", async () => {
  const { port } = await testServer();
  const answer = await exchangeBytes(
    port,
    "HEAD /_localstack/health HTTP/1.1\r\nHost: localstack:4566\r\nConnection: close\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toMatch(/\r\n\r\n$/);
});

test("what there is not is no health, and a bucket's own host has its keys", async () => {
  const { endpoint, port } = await testServer();
  expect((await fetch(`${endpoint}/_localstack/config`)).status).not.toBe(200);
  expect((await fetch(`${endpoint}/_localstack/health`, { method: "POST" })).status).not.toBe(200);
  const key = "GET /_localstack/health HTTP/1.1\r\nHost: photos.s3.localhost\r\nConnection: close\r\n\r\n";
  expect(await exchangeBytes(port, key)).toMatch(/^HTTP\/1\.1 404 /);
});
