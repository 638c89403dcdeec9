import { expect, test } from "vitest";
import { whereInstalled } from "./clients/external-program.ts";
import { passedIn } from "./clients/python-client.ts";

whereInstalled("python3", ["-c", "import boto3, pyarrow.orc, pyarrow.parquet"], () => {
  test("inventories in ORC and Parquet are read by pyarrow", { timeout: 90_000 }, async () => {
    expect(await passedIn("s3_inventories.py"), "checks that ran").toBe(4);
  });
});

whereInstalled("python3", ["-c", "import boto3, pyarrow.parquet"], () => {
  test("metadata tables are read by pyarrow, from Iceberg's metadata on", { timeout: 90_000 }, async () => {
    expect(await passedIn("s3_metadata.py"), "checks that ran").toBe(4);
  });
});
