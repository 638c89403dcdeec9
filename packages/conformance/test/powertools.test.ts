import { expect, test } from "vitest";
import { whereInstalled } from "./clients/external-program.ts";
import { passedIn } from "./clients/python-client.ts";

whereInstalled("python3", ["-c", "import boto3, aws_lambda_powertools"], () => {
  test("Powertools for Python run unmodified, in a layer", { timeout: 90_000 }, async () => {
    expect(await passedIn("powertools.py"), "checks that ran").toBe(5);
  });
});
