/**
 * `npm run new -- service NAME`: writes the skeleton of a service and enters it in `services.ts`. NAME is the id of its
 * model, a file of `packages/server/models`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel, serviceIndex } from "../packages/server/src/model/models.ts";
import { withService } from "./service-list.ts";
import { ROOT } from "./sources.ts";

interface Names {
  /** The model's id, which is the folder's name: `cloudwatch-logs`. */
  readonly id: string;
  /** As ARNs and signatures name it: `logs`. */
  readonly signingName: string;
  /** The service in identifiers: `cloudwatchLogs`, and as a type's name `CloudwatchLogs`. */
  readonly camel: string;
  readonly pascal: string;
  /** The SDK's client class, and an operation to show that what is not built says so. */
  readonly client: string;
  readonly operation: string;
}

/** The files of a new service, by name. */
function skeleton({ id, signingName, camel, pascal, client, operation }: Names): Readonly<Record<string, string>> {
  return {
    "kit.ts": `import { serviceKit } from "../../service/operation.ts";

export type ${pascal}Sdk = typeof import("@aws-sdk/client-${id}");

export const { operation, error, arn } = serviceKit<${pascal}Sdk>("${signingName}");
`,
    "errors.ts": `/** The errors of ${id}, each once, in AWS's words. */

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {} as const;
`,
    "index.ts": `import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { ${pascal}Sdk } from "./kit.ts";

export const ${camel} = defineService<${pascal}Sdk>("${id}", {
  operations: [],
  unmodelledErrors: UNMODELLED_ERRORS,
});
`,
    [`${id}.test.ts`]: `import { ${client}, ${operation}Command } from "@aws-sdk/client-${id}";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

test("an operation that is not built says so", async () => {
  const cloud = await testCloud();
  const calling = cloud.client(${client}).send(new ${operation}Command({}));
  await expect(calling).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
});
`,
  };
}

async function namesOf(id: string): Promise<Names> {
  const sdk: Record<string, unknown> = await import(`@aws-sdk/client-${id}`);
  const client = Object.keys(sdk).find((name) => /^[A-Z].*Client$/.test(name));
  const { signingName } = loadModel(id);
  const camel = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const pascal = `${camel.slice(0, 1).toUpperCase()}${camel.slice(1)}`;
  const operation = shownOperation(id);
  if (client === undefined || operation === undefined) throw new Error(`@aws-sdk/client-${id} is not as expected`);
  return { id, signingName, camel, pascal, client, operation };
}

/** An operation that can be called with nothing, or the first. */
function shownOperation(id: string): string | undefined {
  const model = loadModel(id);
  const needsNothing = (name: string) => model.operation(name)?.input.members.every(({ required }) => !required);
  return model.operationNames.find((name) => needsNothing(name)) ?? model.operationNames[0];
}

const [kind, id = ""] = process.argv.slice(2);
const known = serviceIndex().map((service) => service.id);
const folder = join(ROOT, "packages/server/src/services", id);
if (kind !== "service" || !known.includes(id)) {
  console.error(`usage: npm run new -- service NAME, where NAME is one of:\n  ${known.join(" ")}`);
  process.exitCode = 2;
} else if (existsSync(folder)) {
  console.error(`${folder} is there already`);
  process.exitCode = 1;
} else {
  const names = await namesOf(id);
  const list = join(ROOT, "packages/server/src/services.ts");
  const listed = withService(readFileSync(list, "utf8"), names);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(skeleton(names))) writeFileSync(join(folder, name), text);
  writeFileSync(list, listed);
  console.log(`${folder}\nnext: docs/guides/add-a-service.md; then npm run docs for the table of the README`);
}
