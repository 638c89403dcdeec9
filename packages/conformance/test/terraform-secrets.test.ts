import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("secrets, parameters and configuration", () => {
  test("keeps secrets and parameters as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-secrets");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 10 added");
    expect(applied).toContain('database = "terraform/database"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=password=battery staple";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("Apply complete!");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("10 destroyed");
  });

  test("keeps a recorder, its channel, rules and an aggregator", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-config");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 12 added");
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=days=30";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("12 destroyed");
  });
});
