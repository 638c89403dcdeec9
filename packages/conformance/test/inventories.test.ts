import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, whereInstalled } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

whereInstalled("python3", ["-c", "import boto3, pyarrow.orc, pyarrow.parquet"], () => {
  test("inventories in ORC and Parquet are read by pyarrow", { timeout: 90_000 }, async () => {
    await using server = await startServer({ args: ["--memory", "--account", "111111111111"] });
    const { endpoint, account, directory } = server;
    const { code, out, err } = await runProgram("python3", {
      args: [join(import.meta.dirname, "..", "clients", "s3_inventories.py")],
      directory,
      env: {
        HOME: directory,
        KUMOBAKO_ENDPOINT: endpoint,
        KUMOBAKO_ACCOUNT: account,
        PYTHONDONTWRITEBYTECODE: "1",
        // where they were installed into a folder of their own
        PYTHONPATH: process.env["PYTHONPATH"] ?? "",
      },
    });
    expect({ code, out: out.match(/^failed: .*$/m)?.[0] }, `${out}\n${err}`).toEqual({ code: 0 });
    expect(out.match(/^passed: /gm)?.length, "checks that ran").toBe(4);
  });
});
