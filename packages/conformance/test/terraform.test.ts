import { cpSync, existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { hasAwsCli, rootShell } from "./clients/aws-cli.ts";
import { isInstalled, runProgram, type Environment } from "./clients/external-program.ts";
import { startServer, type RunningServer } from "./clients/running-server.ts";

const CLIENTS = join(import.meta.dirname, "..", "clients");

/** Where an installation without a registry keeps its providers. */
const MIRRORS = [
  "/opt/tf-plugins",
  "/usr/share/terraform/plugins",
  `${process.env["HOME"] ?? ""}/.terraform.d/plugins`,
];
const PROVIDER = "registry.terraform.io/hashicorp/aws/5.*/*/terraform-provider-aws*";

/** A folder that holds the AWS provider, unpacked: nothing is downloaded. */
function findMirror(): string | undefined {
  const found = MIRRORS.find((folder) => existsSync(folder) && globSync(PROVIDER, { cwd: folder }).length > 0);
  if (found === undefined) console.warn(`tests are skipped: no AWS provider of Terraform in ${MIRRORS.join(", ")}`);
  return found;
}

const mirror = isInstalled("terraform", ["version"]) && hasAwsCli ? findMirror() : undefined;

/** Terraform in the server's directory, with a module and no other settings. */
function terraformIn({ directory, endpoint }: RunningServer, module: string) {
  cpSync(join(CLIENTS, module, "main.tf"), join(directory, "main.tf"));
  const settings = join(directory, "terraformrc");
  writeFileSync(
    settings,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror ?? "")} }\n}\n`,
  );
  const env: Environment = {
    HOME: directory,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_LOG_PROVIDER: "DEBUG",
    TF_VAR_endpoint: endpoint,
  };
  return (...args: readonly string[]) =>
    runProgram("terraform", { args: [...args, "-no-color"], directory, env, timeoutMs: 120_000 });
}

/** An answer with status 501, in the log of the provider. */
const NOT_BUILT = /^.*(?:status_code=501|<Code>NotImplemented<).*$/gm;

/** Terraform does not know of it, so it stands in the way when the bucket is to be deleted. */
async function putForeignObject({ endpoint }: RunningServer): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: "terraform-artefacts", Key: "foreign", Body: "1" }));
  s3.destroy();
}

/** Runs that are to succeed, and what the provider has logged in them. */
function running(server: RunningServer, module: string) {
  const terraform = terraformIn(server, module);
  let log = "";
  return {
    log: () => log,
    succeeded: async (...args: readonly string[]) => {
      const { code, out, err } = await terraform(...args);
      expect(code, `terraform ${args.join(" ")}: ${out}\n${err.slice(-4000)}`).toBe(0);
      log += err;
      return out;
    },
  };
}

describe.skipIf(mirror === undefined)("Terraform (needs terraform and its AWS provider in a mirror)", () => {
  test("applies, finds nothing to change, and destroys", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, log } = running(server, "terraform");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 17 added");
    expect(applied).toContain('account = "000000000000"');
    // Terraform itself would pass over some of the reads that are not built.
    expect([...log().matchAll(NOT_BUILT)].map(([line]) => line)).toEqual([]);
    // 0: no changes; 2: there are some
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    await putForeignObject(server);
    expect(await succeeded("destroy", "-input=false", "-auto-approve", "-refresh=false")).toContain("17 destroyed");
    const last = (await server.calls()).findLast(({ service }) => service === "s3");
    expect(last).toMatchObject({ operation: "HeadBucket", error: { code: "NoSuchBucket" } });
  });

  test("keeps a user pool and an identity pool as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, log } = running(server, "terraform-cognito");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 13 added");
    expect([...log().matchAll(NOT_BUILT)].map(([line]) => line)).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", "-refresh=false")).toContain("13 destroyed");
  });

  test(
    "shares with an account that accepts, and registers an authority for certificates",
    { timeout: 360_000 },
    async () => {
      await using server = await startServer();
      const { succeeded, log } = running(server, "terraform-sharing");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 6 added");
      expect(applied).toContain('share = "ACTIVE"');
      expect([...log().matchAll(NOT_BUILT)].map(([line]) => line)).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const other = ["-var=stage=live", "-var=session_seconds=3600"] as const;
      await succeeded("apply", "-input=false", "-auto-approve", ...other);
      expect(await succeeded("destroy", "-input=false", "-auto-approve", ...other)).toContain("6 destroyed");
    },
  );

  test("keeps vaults with policies, notifications and locks as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, log } = running(server, "terraform-glacier");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 4 added");
    expect(applied).toContain('location = "/000000000000/vaults/terraform-records"');
    expect([...log().matchAll(NOT_BUILT)].map(([line]) => line)).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=stage=live";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("4 destroyed");
  });

  test("keeps users, permission sets and assignments as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { aws } = rootShell(server);
    await aws`organizations create-organization --feature-set ALL`;
    await aws`sso-admin create-instance`;
    const { succeeded, log } = running(server, "terraform-identity-center");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 14 added");
    expect([...log().matchAll(NOT_BUILT)].map(([line]) => line)).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve")).toContain("14 destroyed");
  });
});
