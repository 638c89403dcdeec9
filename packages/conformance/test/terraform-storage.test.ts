import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("storage", () => {
  test("keeps vaults with policies, notifications and locks as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-glacier");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 4 added");
    expect(applied).toContain('location = "/000000000000/vaults/terraform-records"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=stage=live";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("4 destroyed");
  });

  test("keeps buckets with all that they can have, keys and an archive", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-storage");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 38 added");
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve")).toContain("38 destroyed");
  });

  test("keeps a website, its log and its rules for pages as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-website");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 11 added");
    expect(applied).toContain('website = "terraform-site.s3-website-us-east-1.amazonaws.com"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve")).toContain("11 destroyed");
  });

  test("keeps replication, notifications and inventories as they are described", { timeout: 240_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-replication");
    await succeeded("init", "-input=false");
    expect(await succeeded("apply", "-input=false", "-auto-approve")).toContain("Resources: 14 added");
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    expect(await succeeded("destroy", "-input=false", "-auto-approve")).toContain("14 destroyed");
  });

  test(
    "keeps versions and locks as they are described, and lets go of them where it is told to",
    {
      timeout: 240_000,
    },
    async () => {
      await using server = await startServer();
      const { succeeded, notBuilt } = running(server, "terraform-locks");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 9 added");
      expect(applied).toContain("held = true");
      expect(notBuilt()).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const longer = "-var=days=60";
      expect(await succeeded("apply", "-input=false", "-auto-approve", longer)).toContain("3 changed");
      expect(await succeeded("destroy", "-input=false", "-auto-approve", longer)).toContain("9 destroyed");
    },
  );
});
