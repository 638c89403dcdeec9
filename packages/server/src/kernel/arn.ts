import type { Brand } from "./brand.ts";

/** Twelve digits, as text: zeros at the front count. */
export type AccountId = Brand<string, "AccountId">;
/** `us-east-1`. That there is such a region is not known by the type. */
export type Region = Brand<string, "Region">;
/** The text of an ARN. What is in it says `parseArn`. */
export type Arn = Brand<string, "Arn">;

/** The six fields of an ARN. `region` and `account` are empty where the service has none. */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The ARN of these fields, put in as they are: a service says itself what a resource may be called. */
export function formatArn({ partition, service, region, account, resource }: ArnParts): Arn {
  return `arn:${partition}:${service}:${region}:${account}:${resource}` as Arn;
}

/** The fields of `text`, or `undefined` where it is no ARN. The resource keeps its own colons. */
export function parseArn(text: string): ArnParts | undefined {
  const match = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (!match) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = match;
  return { partition, service, region, account, resource };
}

/** `text` as the name of a region, of which there is no list here. */
export const asRegion = (text: string): Region => text as Region;

/** `text` as an account id, or `undefined` where it is not twelve digits. */
export function parseAccountId(text: string): AccountId | undefined {
  return /^\d{12}$/.test(text) ? (text as AccountId) : undefined;
}

/** The partition that a region belongs to. Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("us-iso-")) return "aws-iso";
  if (region.startsWith("us-isob-")) return "aws-iso-b";
  if (region.startsWith("eu-isoe-")) return "aws-iso-e";
  if (region.startsWith("us-isof-")) return "aws-iso-f";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
}
