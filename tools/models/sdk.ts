/** Reads what an installed `@aws-sdk/client-*` package knows of its service. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CompactTraits } from "../../packages/server/src/model/compact.ts";
import type { ProtocolName } from "../../packages/server/src/model/service-model.ts";

/** A run-time schema of the SDK: `[kind, namespace, name, traits, …]`, its parts by kind. */
export type SdkSchema = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: SdkTraits,
  ...parts: readonly unknown[],
];

export type SdkTraits = CompactTraits & { readonly http?: readonly [method: string, uri: string, status: number] };

/** A schema, a simple kind, a deferred one of these, or one of these with a member's traits. */
export type SdkRef = number | "unit" | SdkSchema | (() => SdkRef) | readonly [SdkRef, CompactTraits];

/** The SDK's numbers of what only it has among its schemas. */
export const OPERATION = 9;

export interface SdkPackage {
  readonly schemas: readonly SdkSchema[];
  readonly sdkId: string;
  readonly signingName: string;
  readonly protocol: ProtocolName;
  readonly namespace: string;
  readonly version: string;
  readonly targetPrefix: string | undefined;
  readonly xmlNamespace: string | undefined;
  readonly queryCompatible: boolean;
  readonly hosts: readonly string[];
  /** The names of the errors that the operation's documentation lists. */
  errorsOf(operation: string): string[];
  /** By operation: the members for the token in, the token out, and the page's size. */
  readonly paginators: Readonly<Record<string, readonly [input: string, output: string, size: string]>>;
}

const PROTOCOLS: Readonly<Record<string, ProtocolName>> = {
  AwsJson1_0Protocol: "aws-json-1.0",
  AwsJson1_1Protocol: "aws-json-1.1",
  AwsQueryProtocol: "aws-query",
  AwsEc2QueryProtocol: "ec2-query",
  AwsRestJsonProtocol: "rest-json",
  AwsRestXmlProtocol: "rest-xml",
  S3RestXmlProtocol: "rest-xml",
};

const require = createRequire(import.meta.url);

export function readSdkPackage(id: string): SdkPackage {
  const name = `@aws-sdk/client-${id}`;
  const folder = dirname(require.resolve(`${name}/package.json`));
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const config = read("dist-es/runtimeConfig.shared.js");
  const settings = one(config, /protocolSettings: config\?\.protocolSettings \?\? \{([\s\S]*?)\n {8}\}/);
  const setting = (key: string): string | undefined => new RegExp(`${key}: "([^"]*)"`).exec(settings)?.[1];
  const protocol = PROTOCOLS[one(config, /protocol: config\?\.protocol \?\? (\w+)/)];
  const namespace = setting("defaultNamespace");
  if (protocol === undefined || namespace === undefined) throw new Error(`${name} is not as expected`);
  const exported: Record<string, unknown> = require(name);
  return {
    schemas: Object.values(exported).filter(isSchema),
    sdkId: one(config, /serviceId: config\?\.serviceId \?\? "([^"]*)"/),
    signingName: one(read("dist-es/auth/httpAuthSchemeProvider.js"), /signingProperties: \{\s*name: "([^"]*)"/),
    protocol,
    namespace,
    version: one(config, /apiVersion: "([^"]*)"/),
    targetPrefix: protocol.startsWith("aws-json") ? setting("serviceTarget") : undefined,
    xmlNamespace: setting("xmlNamespace"),
    queryCompatible: settings.includes("awsQueryCompatible: true"),
    hosts: hostsOf(
      readdirSync(join(folder, "dist-es/endpoint"))
        .map((file) => read(`dist-es/endpoint/${file}`))
        .join("\n"),
    ),
    paginators: paginatorsOf(join(folder, "dist-es/pagination")),
    errorsOf(operation) {
      const path = join(folder, `dist-types/commands/${operation}Command.d.ts`);
      if (!existsSync(path)) return [];
      const throws = readFileSync(path, "utf8").matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g);
      return [...throws].map(([, error]) => error ?? "");
    },
  };
}

function paginatorsOf(folder: string): SdkPackage["paginators"] {
  if (!existsSync(folder)) return {};
  const sources = readdirSync(folder)
    .toSorted()
    .map((file) => readFileSync(join(folder, file), "utf8"));
  const call = /createPaginator\(\w+, (\w+)Command, "([^"]*)", "([^"]*)", "([^"]*)"\)/;
  return Object.fromEntries(
    sources.flatMap((source) => {
      const [, operation = "", input = "", output = "", size = ""] = call.exec(source) ?? [];
      return operation === "" ? [] : [[operation, [input, output, size] as const]];
    }),
  );
}

function one(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing matches ${pattern}`);
  return found;
}

function isSchema(value: unknown): value is SdkSchema {
  return Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "string" && value[0] !== 0;
}

/** `monitoring` of `https://monitoring.{Region}.…`, `iam` of `https://iam.amazonaws.com`; without their variants. */
function hostsOf(rules: string): string[] {
  const urls = rules.matchAll(/https:\/\/([a-z0-9.-]+?)\.(?:\{|[a-z]+(?:-[a-z]+)+-\d\.|amazonaws\.)/g);
  const names = [...urls].map(([, name]) => name ?? "");
  return [...new Set(names)].filter((name) => !/fips|dualstack|express|object-lambda|outposts/.test(name)).toSorted();
}
