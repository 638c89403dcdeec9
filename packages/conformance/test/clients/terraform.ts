/** Terraform with the AWS provider, out of a folder: nothing is downloaded. */
import { cpSync, existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { hasAwsCli } from "./aws-cli.ts";
import { isInstalled, runProgram, type Environment } from "./external-program.ts";
import type { RunningServer } from "./running-server.ts";

const CLIENTS = join(import.meta.dirname, "..", "..", "clients");

/** Where an installation without a registry keeps its providers. */
const MIRRORS = [
  "/opt/tf-plugins",
  "/usr/share/terraform/plugins",
  `${process.env["HOME"] ?? ""}/.terraform.d/plugins`,
];
const PROVIDER = "registry.terraform.io/hashicorp/aws/5.*/*/terraform-provider-aws*";

/** A folder that holds the AWS provider, unpacked: nothing is downloaded. */
function findMirror(): string | undefined {
  const found = MIRRORS.find((folder) => existsSync(folder) && globSync(PROVIDER, { cwd: folder }).length > 0);
  if (found === undefined) console.warn(`tests are skipped: no AWS provider of Terraform in ${MIRRORS.join(", ")}`);
  return found;
}

const mirror = isInstalled("terraform", ["version"]) && hasAwsCli ? findMirror() : undefined;

/** Terraform in the server's directory, with a module and no other settings. */
function terraformIn({ directory, endpoint }: RunningServer, module: string) {
  cpSync(join(CLIENTS, module, "main.tf"), join(directory, "main.tf"));
  const settings = join(directory, "terraformrc");
  writeFileSync(
    settings,
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror ?? "")} }\n}\n`,
  );
  const env: Environment = {
    HOME: directory,
    TF_CLI_CONFIG_FILE: settings,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    TF_LOG_PROVIDER: "DEBUG",
    TF_VAR_endpoint: endpoint,
  };
  return (...args: readonly string[]) =>
    runProgram("terraform", { args: [...args, "-no-color"], directory, env, timeoutMs: 300_000 });
}

/** An answer with status 501, in the log of the provider: Terraform itself would pass over some of the reads that are not built. */
const NOT_BUILT = /^.*(?:status_code=501|<Code>NotImplemented<).*$/gm;

/** Runs that are to succeed, and what the provider has logged in them. */
export function running(server: RunningServer, module: string) {
  const terraform = terraformIn(server, module);
  let log = "";
  return {
    notBuilt: () => [...log.matchAll(NOT_BUILT)].map(([line]) => line),
    succeeded: async (...args: readonly string[]) => {
      const { code, out, err } = await terraform(...args);
      expect(code, `terraform ${args.join(" ")}: ${out}\n${err.slice(-4000)}`).toBe(0);
      log += err;
      return out;
    },
  };
}

export function describeTerraform(subject: string, tests: () => void): void {
  describe.skipIf(mirror === undefined)(
    `Terraform and ${subject} (needs terraform and its AWS provider in a mirror)`,
    () => {
      tests();
    },
  );
}
