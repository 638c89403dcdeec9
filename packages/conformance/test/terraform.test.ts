import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { startServer, type RunningServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

/** Terraform does not know of it, so it stands in the way when the bucket is to be deleted. */
async function putForeignObject({ endpoint }: RunningServer): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: "terraform-artefacts", Key: "foreign", Body: "1" }));
  s3.destroy();
}

describeTerraform("what accounts rest on", () => {
  test("applies, finds nothing to change, and destroys", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 17 added");
    expect(applied).toContain('account = "000000000000"');
    expect(notBuilt()).toEqual([]);
    // 0: no changes; 2: there are some
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    await putForeignObject(server);
    expect(await succeeded("destroy", "-input=false", "-auto-approve", "-refresh=false")).toContain("17 destroyed");
    const last = (await server.calls()).findLast(({ service }) => service === "s3");
    expect(last).toMatchObject({ operation: "HeadBucket", error: { code: "NoSuchBucket" } });
  });

  test("keeps a user pool and an identity pool as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-cognito");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 13 added");
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", "-refresh=false")).toContain("13 destroyed");
  });

  test(
    "shares with an account that accepts, and registers an authority for certificates",
    { timeout: 360_000 },
    async () => {
      await using server = await startServer();
      const { succeeded, notBuilt } = running(server, "terraform-sharing");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 6 added");
      expect(applied).toContain('share = "ACTIVE"');
      expect(notBuilt()).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const other = ["-var=stage=live", "-var=session_seconds=3600"] as const;
      await succeeded("apply", "-input=false", "-auto-approve", ...other);
      expect(await succeeded("destroy", "-input=false", "-auto-approve", ...other)).toContain("6 destroyed");
    },
  );

  test("keeps users, permission sets and assignments as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { aws } = rootShell(server);
    await aws`organizations create-organization --feature-set ALL`;
    await aws`sso-admin create-instance`;
    const { succeeded, notBuilt } = running(server, "terraform-identity-center");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 14 added");
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve")).toContain("14 destroyed");
  });
});
