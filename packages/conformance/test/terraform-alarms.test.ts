import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("alarms", () => {
  test("keeps alarms of all kinds and a dashboard as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-alarms");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 6 added");
    expect(applied).toContain('errors = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:terraform-errors"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=threshold=7";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("6 destroyed");
  });
});
