/** The S3 Encryption Client: there is none for JavaScript, Debian has the one for Ruby. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, whereInstalled } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

whereInstalled("ruby", ["-e", 'require "aws-sdk-s3"; Aws::S3::EncryptionV2::Client'], () => {
  test("the S3 Encryption Client works unmodified", { timeout: 60_000 }, async () => {
    await using server = await startServer();
    const { endpoint, directory } = server;
    const script = join(import.meta.dirname, "..", "clients", "s3_encryption.rb");
    const env = {
      HOME: directory,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const { code, out, err } = await runProgram("ruby", { args: [script], directory, env });
    expect(code, `${out}\n${err}`).toBe(0);
    expect(out.match(/^ok /gm)).toHaveLength(11);
  });
});
