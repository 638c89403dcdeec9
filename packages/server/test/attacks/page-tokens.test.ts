/** Tokens of pages that nobody gave, or that were given to somebody else or for something else. */
import { expect, test } from "vitest";
import { loadModel } from "../../src/model/models.ts";
import type { OperationModel } from "../../src/model/service-model.ts";
import type { StructureShape } from "../../src/model/shape.ts";
import { SERVICES } from "../../src/services.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";
import { ACCOUNT, callsOf, least, MAKINGS } from "./any-operation.ts";

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

/** In the form that ours have, as far as anybody can see, and in others. */
const FORGED: readonly string[] = [
  encoded([]),
  encoded([1]),
  encoded([true, false, -1]),
  encoded(["\u0000", "a"]),
  encoded(["zz", "zz", "zz", "zz"]),
  encoded({ after: ["a"], position: -1, hash: 1 }),
  encoded([["a"]]),
  encoded([1e300, "", 99999999999999]),
  encoded("a"),
  encoded(0),
  encoded(null),
  "AAAA",
  "a|b|c",
  "1:2:3",
  "9".repeat(40),
  "🦄",
];

type Paged = OperationModel & { readonly paginator: NonNullable<OperationModel["paginator"]> };

/** The operations with pages of a service that are built. */
async function pagedOf(id: string): Promise<readonly Paged[]> {
  const service = await SERVICES[id]?.();
  const model = loadModel(id);
  const all = [...(service?.operations.keys() ?? [])].map((name) => model.operation(name));
  return all.filter((operation): operation is Paged => operation?.paginator !== undefined);
}

/** As an HTTP status. */
async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 200;
  } catch (error) {
    const metadata: { httpStatusCode?: number } = Reflect.get(Object(error), "$metadata") ?? {};
    return metadata.httpStatusCode ?? 599;
  }
}

/** Services that have no SDK, or none that is here. */
const WITHOUT_SDK = new Set(["rolesanywhere", "signin"]);

test.for(Object.keys(SERVICES).filter((id) => !WITHOUT_SDK.has(id)))(
  "%s takes tokens that it never gave, or refuses them",
  { timeout: 120_000 },
  async (id) => {
    const cloud = await testCloud();
    const call = await callsOf(cloud, id);
    const faults: string[] = [];
    for (const { name, input, paginator } of await pagedOf(id)) {
      for (const token of FORGED) {
        const status = await statusOf(call(name, { ...least(input), [paginator.inputToken]: token }));
        if (status >= 500 && status !== 501) faults.push(`${name} ${token}: ${status}`);
      }
    }
    expect(faults).toEqual([]);
  },
);

const MARK = "the-victims";

interface Given {
  readonly id: string;
  readonly operation: string;
  readonly token: string;
}

/** The tokens that the victim's lists give when they are read one by one. */
async function tokensOf(cloud: TestCloud, id: string): Promise<readonly Given[]> {
  const call = await callsOf(cloud, id);
  const given: Given[] = [];
  for (const { name, input, paginator } of await pagedOf(id)) {
    const { pageSize, outputToken } = paginator;
    const size = pageSize === undefined ? {} : { [pageSize]: sizeOf(input, pageSize) };
    const output = await call(name, { ...least(input), ...size }).catch(() => ({}));
    const token: unknown = Reflect.get(output, outputToken);
    if (typeof token === "string") given.push({ id, operation: name, token });
  }
  return given;
}

const sizeOf = ({ byName }: StructureShape, name: string): unknown => byName.get(name)?.limits?.min || 1;

test("a token leads nobody to another account's things, in no list of the service", { timeout: 120_000 }, async () => {
  const cloud = await testCloud();
  for (const { id, operation, inputOf } of MAKINGS) {
    const call = await callsOf(cloud, id);
    for (const number of [1, 2, 3]) await call(operation, inputOf(`${MARK}-${number}`));
  }
  const seen: string[] = [];
  const tried = new Set<string>();
  for (const id of new Set(MAKINGS.map((made) => made.id))) {
    const call = await callsOf(cloud, id, "111111111111");
    for (const { operation, token } of await tokensOf(cloud, id)) {
      tried.add(`${id} ${operation}`);
      for (const { name, input, paginator } of await pagedOf(id)) {
        const output = await call(name, { ...least(input), [paginator.inputToken]: token }).catch(
          (error: unknown) => error,
        );
        const told = JSON.stringify(output, (key, value: unknown) => (key === "$metadata" ? undefined : value)) ?? "";
        if (told.includes(MARK) || told.includes(`:${ACCOUNT}:`))
          seen.push(`${id} ${name} by a token of ${operation}: ${told.slice(0, 200)}`);
      }
    }
  }
  expect(seen).toEqual([]);
  expect(tried.size).toBeGreaterThan(10);
});
