import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("schedules", () => {
  test("keeps schedules, their groups and pipes as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-schedules");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 9 added");
    expect(applied).toContain(
      'nightly = "arn:aws:scheduler:us-east-1:000000000000:schedule/terraform-nights/terraform-nightly"',
    );
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=hour=4";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("9 destroyed");
  });
});
