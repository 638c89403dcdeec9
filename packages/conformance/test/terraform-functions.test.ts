import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "./clients/running-server.ts";
import { describeTerraform, running } from "./clients/terraform.ts";

/** A zip file with `index.mjs`: a function that gives back what it got. */
const ARCHIVE =
  "UEsDBBQAAAAIAAAAIVglPyiILQAAAC8AAAAJAAAAaW5kZXgubWpzS60oyC8qUUjOzysuUchIzEvJSS1SsFVILK7MS1bQSC1LzSvRVLC1UwCzrLkAUEsBAhQDFAAAAAgAAAAhWCU/KIgtAAAALwAAAAkAAAAAAAAAAAAAAKQBAAAAAGluZGV4Lm1qc1BLBQYAAAAAAQABADcAAABUAAAAAAA=";

describeTerraform("functions", () => {
  test("keeps functions, layers, aliases, URLs and mappings as they are described", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const { succeeded, notBuilt } = running(server, "terraform-functions");
    const archive = join(server.directory, "function.zip");
    writeFileSync(archive, Buffer.from(ARCHIVE, "base64"));
    const own = `-var=archive=${archive}`;
    await succeeded("init", "-input=false");
    const applied = await succeeded("apply", "-input=false", "-auto-approve", own);
    expect(applied).toContain("Resources: 13 added");
    expect(applied).toContain('worker = "arn:aws:lambda:us-east-1:000000000000:function:terraform-worker"');
    expect(notBuilt()).toEqual([]);
    expect(await succeeded("plan", "-input=false", "-detailed-exitcode", own)).toContain("No changes.");
    const other = "-var=timeout_seconds=9";
    expect(await succeeded("apply", "-input=false", "-auto-approve", own, other)).toContain("1 changed");
    expect(await succeeded("destroy", "-input=false", "-auto-approve", own, other)).toContain("13 destroyed");
  });
});
