import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("events", () => {
  test(
    "keeps buses, rules, targets, archives and destinations as they are described",
    { timeout: 600_000 },
    async () => {
      await using server = await startServer();
      const { succeeded, notBuilt } = running(server, "terraform-events");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 15 added");
      expect(applied).toContain('rule = "arn:aws:events:us-east-1:000000000000:rule/terraform-orders/terraform-paid"');
      expect(notBuilt()).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const other = "-var=retries=5";
      expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
      expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("15 destroyed");
    },
  );
});
