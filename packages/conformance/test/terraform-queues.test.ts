import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("queues", () => {
  test("keeps queues with policies, dead letters and keys as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-queues");
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve");
    expect(applied).toContain("Resources: 7 added");
    expect(applied).toContain('work = "arn:aws:sqs:us-east-1:000000000000:terraform-work"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
    const other = "-var=hidden_seconds=90";
    expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("7 destroyed");
  });
});
