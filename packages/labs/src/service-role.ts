/** Roles that services take on, and functions, which need one: each made in the steps that a person takes. */
import { commandLine } from "./command-line.ts";
import { archiveOf } from "./function-archive.ts";
import type { Actor, Teller } from "./lab.ts";
import { policy, serviceTrust, type Statement } from "./policy.ts";
import { send, type InputFor } from "./service-call.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";

interface Scene {
  readonly teller: Teller;
  readonly admin: Actor;
}

export interface ServiceRole {
  readonly name: string;
  /** Who takes it on: `lambda`. */
  readonly service: string;
  readonly does: string;
  /** What it may do, and the sentence that says so; absent where that does not matter. */
  readonly rights?: {
    readonly does: string;
    readonly name: string;
    readonly statements: readonly Statement[];
  };
}

export async function makeServiceRole({ teller, admin }: Scene, role: ServiceRole): Promise<void> {
  const { name: RoleName, service, does, rights } = role;
  await teller.step({
    does,
    as: admin,
    call: ["iam", "CreateRole"],
    input: { RoleName, AssumeRolePolicyDocument: serviceTrust(service) },
    expect: succeeds,
  });
  if (rights === undefined) return;
  await teller.step({
    does: rights.does,
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: { RoleName, PolicyName: rights.name, PolicyDocument: policy(...rights.statements) },
    expect: succeeds,
  });
}

interface NewFunction extends Omit<InputFor<"lambda", "CreateFunction">, "Code"> {
  readonly does: string;
  readonly FunctionName: string;
  /** The text of its module. */
  readonly source: string;
}

/** A function in JavaScript; its archive is a file for whoever types the command. */
export async function makeFunction({ teller, admin }: Scene, { does, source, ...more }: NewFunction): Promise<void> {
  const input = { Runtime: "nodejs24.x", Handler: "index.handler", Timeout: 20, ...more } as const;
  await teller.deed({
    does,
    as: admin.name,
    command: `${commandLine("lambda", "CreateFunction", input)} --zip-file fileb://${more.FunctionName}.zip`,
    act: () =>
      send({
        service: "lambda",
        operation: "CreateFunction",
        input: { ...input, Code: { ZipFile: archiveOf("index.mjs", source) } },
        endpoint: teller.endpoint,
        region: REGION,
        credentials: admin.credentials,
      }),
    expect: succeeds,
  });
}
