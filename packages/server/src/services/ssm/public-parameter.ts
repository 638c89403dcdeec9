/** Parameters that AWS keeps for everybody, the same in every account. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html */
import type { Context } from "../../service/context.ts";
import { parameterArn, PUBLIC_PREFIX } from "./kit.ts";
import { imageParameters, UBUNTU_PREFIX } from "./public/image.ts";
import { regionParameters } from "./public/region.ts";
import { serviceParameters } from "./public/service.ts";

/** What there is of, as the list says it. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html */
const FAMILIES = [
  "ami-amazon-linux-latest",
  "ami-windows-latest",
  "bottlerocket",
  "canonical",
  "debian",
  "ecs",
  "eks",
  "global-infrastructure",
];
/** When all of them were last changed: at no time that matters. */
const MODIFIED_AT_MS = Date.UTC(2026, 0, 1);

export const isPublicName = (key: string): boolean => key.startsWith(PUBLIC_PREFIX);

function* valuesIn(region: string): Generator<readonly [name: string, value: string]> {
  yield* regionParameters();
  yield* serviceParameters(region);
  yield* imageParameters(region);
  for (const family of FAMILIES) yield [`${PUBLIC_PREFIX}list/${family}`, `${PUBLIC_PREFIX}${family}/`];
}

function shown(name: string, value: string, { partition, region, account }: Context) {
  return {
    Name: name,
    Type: "String" as const,
    Value: value,
    Version: 1,
    LastModifiedDate: new Date(MODIFIED_AT_MS),
    ARN: parameterArn({ partition, region, account }, name),
    DataType: name.startsWith(UBUNTU_PREFIX) ? "aws:ec2:image" : "text",
  };
}

export function findPublic(key: string, context: Context) {
  for (const [name, value] of valuesIn(context.region)) if (name === key) return shown(name, value, context);
  return undefined;
}

/** Those below `path`, or a level below it. */
export function publicBelow(path: string, isRecursive: boolean, context: Context) {
  const found: ReturnType<typeof shown>[] = [];
  for (const [name, value] of valuesIn(context.region)) {
    const rest = name.startsWith(`${path}/`) ? name.slice(path.length + 1) : undefined;
    if (rest !== undefined && (isRecursive || !rest.includes("/"))) found.push(shown(name, value, context));
  }
  return found;
}
