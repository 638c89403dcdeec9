/**
 * How AWS Config looks at a type of resource: with the calls that anybody else would make, by the recorder's role, whose
 * rights decide.
 */
import type { ResourceType } from "@aws-sdk/client-config-service";
import type { ArnParts } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { InnerCall } from "../../../service/context.ts";
import type { OperationName, OutputOf, Sdk } from "../../../service/sdk.ts";
import type { Place } from "../kit.ts";

/** What looks are made with. */
export interface Reader extends Place {
  call<S extends Sdk, Name extends OperationName<S>>(
    asked: Pick<InnerCall<S, Name>, "service" | "operation" | "input">,
  ): Promise<OutputOf<S, Name>>;
}

export interface Relationship {
  readonly type: ResourceType;
  readonly id: string;
  readonly name?: string;
  /** `Is attached to CustomerManagedPolicy` */
  readonly relation: string;
}

/** A resource as it is found. Plain JSON. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs?: number;
  readonly tags: Tags;
  readonly configuration: object;
  readonly supplementary?: Readonly<Record<string, unknown>>;
  readonly relationships?: readonly Relationship[];
}

export interface ResourceKind {
  /** `AWS::S3::Bucket` */
  readonly type: ResourceType;
  /** Of all regions. */
  readonly isGlobal?: true;
  /** How the resource that a call was about is known; `undefined` where it is none of this type. */
  idOf(arn: ArnParts): string | undefined;
  /** The ids of all there are, as `idOf` gives them. */
  list(reader: Reader): Promise<readonly string[]>;
  /** `undefined`: it is gone. */
  find(id: string, reader: Reader): Promise<Found | undefined>;
}

const GONE = /^NoSuch|NotFound|NonExistent|DoesNotExist|^AWSOrganizationsNotInUse/;

/** `undefined` where what is asked for is not there. */
export async function ifThere<Output>(work: Promise<Output>): Promise<Output | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AwsError && GONE.test(error.code)) return undefined;
    throw error;
  }
}

/** Tags in whichever of the usual forms. */
export function tagsOf(list: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** An id behind the last slash or colon of what stands before. */
export const afterPrefix = (text: string, prefix: string): string | undefined =>
  text.startsWith(prefix) ? text.slice(prefix.length) : undefined;

/** All pages of a list. */
export async function allPages<Item>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly Item[]; readonly next: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let token: string | undefined; ;) {
    const { items, next } = await read(token);
    all.push(...items);
    if (next === undefined) return all;
    token = next;
  }
}
