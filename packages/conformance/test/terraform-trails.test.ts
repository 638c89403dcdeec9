import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

describeTerraform("trails", () => {
  test(
    "keeps trails with all their destinations and selectors as they are described",
    { timeout: 600_000 },
    async () => {
      await using server = await startServer();
      const { succeeded, notBuilt } = running(server, "terraform-trails");
      await succeeded("init", "-input=false");
      const applied = await succeeded("apply", "-input=false", "-auto-approve");
      expect(applied).toContain("Resources: 10 added");
      expect(applied).toContain('trail = "arn:aws:cloudtrail:us-east-1:000000000000:trail/whole"');
      expect(notBuilt()).toEqual([]);
      expect(await succeeded("plan", "-input=false", "-detailed-exitcode")).toContain("No changes.");
      const other = "-var=reads=All";
      expect(await succeeded("apply", "-input=false", "-auto-approve", other)).toContain("1 changed");
      expect(await succeeded("destroy", "-input=false", "-auto-approve", other)).toContain("10 destroyed");
    },
  );
});
