import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("logs", () => {
  test(
    "keeps groups, filters, destinations, policies and queries as they are described",
    { timeout: 600_000 },
    async () => {
      await using server = await startServer();
      const { succeeded, notBuilt } = running(server, "terraform-logs");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 11 added");
      expect(applied).toContain('group = "arn:aws:logs:us-east-1:000000000000:log-group:/terraform/app"');
      expect(notBuilt()).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const other = "-var=retention_days=30";
      expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
      expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("11 destroyed");
    },
  );
});
