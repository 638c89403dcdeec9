import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("topics", () => {
  test("keeps topics with their subscriptions, and apps, as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-topics");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 12 added");
    expect(applied).toContain('orders = "arn:aws:sns:us-east-1:000000000000:terraform-orders"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = ["-var=color=green", "-var=archive={}"];
    expect(await succeeded("apply", "-input=false", "-auto-approve", ...other)).toContain("2 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", ...other)).toContain("12 destroyed");
  });
});
