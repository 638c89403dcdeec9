import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { GetPolicyVersionCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "./sources.ts";

/** Below the folder of the real build, since it is ignored there, and apart from it, since that may be in use. */
const OUT = join(ROOT, "packages", "server", "dist", `test-${process.pid}`);

async function startBuilt(): Promise<URL> {
  const main = JSON.stringify(join(OUT, "kumobako.js"));
  const program = `process.argv.splice(1, 0, "kumobako"); const { main } = await import(${main}); await main();`;
  const args = ["--input-type=module", "--eval", program, "start", "--memory", "--port", "0", "--json"];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], cwd: OUT });
  onTestFinished(async () => {
    server.kill("SIGTERM");
    await once(server, "exit");
    rmSync(OUT, { recursive: true, force: true });
  });
  for await (const line of createInterface(server.stdout)) return new URL(JSON.parse(line).endpoint);
  throw new Error("the built server ended before it was up");
}

test("the built server serves its services, its data and TLS", { timeout: 30_000 }, async () => {
  execFileSync(process.execPath, [join(ROOT, "tools", "build.ts"), "--out", OUT]);
  const files = globSync("*.js", { cwd: OUT });
  expect(files).toEqual(expect.arrayContaining(["kumobako.js", "main.js", "testing.js", "iam.js", "s3.js", "sts.js"]));

  const endpoint = await startBuilt();
  const config = {
    endpoint: endpoint.origin,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const { Account } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  expect(Account).toBe("000000000000");
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  const { PolicyVersion } = await new IAMClient(config).send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }),
  );
  expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toContain('"Action"');

  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "built" }));
  const object = { Bucket: "built", Key: "k", Body: "built", ChecksumAlgorithm: "CRC64NVME" } as const;
  expect((await s3.send(new PutObjectCommand(object))).ChecksumCRC64NVME).toMatch(/=$/);

  const socket = connect({ host: "127.0.0.1", port: Number(endpoint.port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  expect(socket.getPeerCertificate().subjectaltname).toContain("DNS:localhost");
  socket.destroy();
});
