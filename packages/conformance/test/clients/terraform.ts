/** Terraform with the AWS provider, out of a folder: nothing is downloaded. */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasAwsCli } from "./aws-cli.ts";
import { isInstalled, runProgram, type Environment } from "./external-program.ts";
import type { RunningServer } from "./running-server.ts";

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

export const hasTerraform = mirror !== undefined;

/** The provider logs its calls here. */
const PROVIDER_LOG = "provider.log";

/** An answer with status 501, in the log of the provider: Terraform itself would pass over some of the reads that are not built. */
const NOT_BUILT = /^.*(?:status_code=501|<Code>NotImplemented<).*$/gm;

/** Terraform in the server's directory, with no settings but these. */
export class Terraform {
  readonly #directory: string;
  readonly #env: Environment;

  constructor({ directory, endpoint }: RunningServer) {
    this.#directory = directory;
    const settings = join(directory, "terraformrc");
    writeFileSync(
      settings,
      `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror ?? "")} }\n}\n`,
    );
    this.#env = {
      HOME: directory,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      TF_CLI_CONFIG_FILE: settings,
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      TF_LOG_PROVIDER: "DEBUG",
      TF_LOG_PATH: join(directory, PROVIDER_LOG),
      CHECKPOINT_DISABLE: "1",
      // the provider checks all that it knows of in each of its runs: collecting garbage less often saves a third of that
      GOGC: "400",
    };
  }

  /** Runs `terraform …`, which must succeed; gives what it printed. */
  async run(command: string, ...options: readonly string[]): Promise<string> {
    const { code, out, err } = await runProgram("terraform", {
      args: [command, ...options, "-no-color"],
      directory: this.#directory,
      env: this.#env,
      timeoutMs: 600_000,
    });
    if (code === 0) return out;
    throw new Error(`terraform ${command} ${options.join(" ")}: ${out}\n${err.slice(-4000)}`);
  }

  /** What the provider has asked for so far that is not built. */
  notBuilt(): readonly string[] {
    const log = readFileSync(join(this.#directory, PROVIDER_LOG), "utf8");
    return [...log.matchAll(NOT_BUILT)].map(([line]) => line);
  }
}
