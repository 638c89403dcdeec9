/** The real AWS CLI, any version, with a home directory of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { words } from "./command-words.ts";
import { isInstalled, runProgram, type Ended, type Environment } from "./external-program.ts";
import type { RunningServer } from "./running-server.ts";

export const hasAwsCli = isInstalled("aws", ["--version"]);

/** As the CLI shows credentials that were issued. */
export interface Issued {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
  readonly Expiration?: string;
}

type Command = (literals: readonly string[], ...values: readonly (string | number)[]) => Promise<Ended>;

const ROOT_KEYS: Environment = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

export const environmentOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: Issued): Environment => ({
  AWS_ACCESS_KEY_ID: AccessKeyId,
  AWS_SECRET_ACCESS_KEY: SecretAccessKey,
  ...(SessionToken !== undefined && { AWS_SESSION_TOKEN: SessionToken }),
});

/** A person at a shell in `home`, which is also its working directory. */
export class Shell {
  readonly home: string;
  readonly #env: Environment;

  constructor({ directory }: Pick<RunningServer, "directory">, env: Environment) {
    this.home = directory;
    this.#env = {
      HOME: directory,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      AWS_MAX_ATTEMPTS: "1",
      ...env,
    };
  }

  /** A shell of the same home with more in its environment. */
  with(env: Environment): Shell {
    return new Shell({ directory: this.home }, { ...this.#env, ...env });
  }

  /** Runs `aws …`, however it ends. */
  tried: Command = (literals, ...values) =>
    runProgram("aws", { args: words(literals, ...values), directory: this.home, env: this.#env });

  /** Runs `aws …`, which must succeed; gives what it printed. */
  aws = async (literals: readonly string[], ...values: readonly (string | number)[]): Promise<string> => {
    const { code, out, err } = await this.tried(literals, ...values);
    if (code === 0) return out;
    throw new Error(`aws ${words(literals, ...values).join(" ")}: ${err.trim()}`);
  };

  /** The same, with the answer read as JSON. */
  json = async <Answer>(literals: readonly string[], ...values: readonly (string | number)[]): Promise<Answer> =>
    JSON.parse(await this.aws(literals, ...values));

  /** Runs `aws …`, which must be refused; gives what it said. */
  refused = async (literals: readonly string[], ...values: readonly (string | number)[]): Promise<string> => {
    const { code, out, err } = await this.tried(literals, ...values);
    if (code !== 0) return err;
    throw new Error(`aws ${words(literals, ...values).join(" ")} succeeded: ${out.trim()}`);
  };

  /** Writes `~/.aws/NAME`. */
  configure(name: "config" | "credentials", text: string): void {
    mkdirSync(join(this.home, ".aws"), { recursive: true });
    writeFileSync(join(this.home, ".aws", name), text);
  }
}

/** The root user's shell, which knows where the cloud is. */
export const rootShell = (server: RunningServer): Shell =>
  new Shell(server, { AWS_ENDPOINT_URL: server.endpoint, AWS_DEFAULT_REGION: "us-east-1", ...ROOT_KEYS });
