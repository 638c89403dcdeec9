/** The rows of schedule groups, and their finders. */
import { table } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { groupDeleting, groupNotFound } from "./errors.ts";

export interface Group {
  readonly name: string;
  readonly state: "ACTIVE" | "DELETING";
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly tags: Tags;
  /** What the call said that made it: the same said again makes nothing new. */
  readonly clientToken?: string;
}

export const groups = table<Group>("scheduler.group", "region", ({ name }) => [name]);

/** There in every account and region, without anybody making it. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html */
export const DEFAULT_GROUP = "default";

/** The day on which the service began, which is as good as any. */
const BEGAN_AT_MS = Date.UTC(2022, 10, 10);

const usualGroup: Group = {
  name: DEFAULT_GROUP,
  state: "ACTIVE",
  createdAtMs: BEGAN_AT_MS,
  changedAtMs: BEGAN_AT_MS,
  tags: {},
};

export async function findGroup(name: string, { tx }: Pick<Context, "tx">): Promise<Group | undefined> {
  const found = await tx.get(groups, name);
  return found ?? (name === DEFAULT_GROUP ? usualGroup : undefined);
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireGroup(name: string, context: Pick<Context, "tx">): Promise<Group> {
  const group = await findGroup(name, context);
  if (group === undefined) throw groupNotFound(name);
  return group;
}

/** @throws {AwsError} `ResourceNotFoundException`, `ConflictException` */
export async function requireActiveGroup(name: string, context: Pick<Context, "tx">): Promise<Group> {
  const group = await requireGroup(name, context);
  if (group.state === "DELETING") throw groupDeleting(name);
  return group;
}
