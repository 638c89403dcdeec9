/** The AWS CLI as people have it, for what it does beyond single calls. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Credentials } from "./lab.ts";

const TIMEOUT_MS = 60_000;

/** The program, where the machine has it. */
export function findAwsCli(
  folders: readonly string[] = (process.env["PATH"] ?? "").split(delimiter),
): string | undefined {
  return folders.map((folder) => join(folder, "aws")).find((path) => existsSync(path));
}

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws with the program's own words, where it fails. */
export function runAwsCli(
  program: string,
  args: readonly string[],
  { endpoint, credentials }: { readonly endpoint: string; readonly credentials: Credentials },
): Promise<Said> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_DEFAULT_REGION: "us-east-1",
  };
  return promisify(execFile)(program, [...args, "--endpoint-url", endpoint], { env, timeout: TIMEOUT_MS });
}
