/** Profiles as rows. */
import type { Arn } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { AttributeMappings } from "./attribute-mapping.ts";
import { profileNotFound } from "./errors.ts";
import { arn, parseResource, type Place } from "./kit.ts";

export interface Profile extends Place {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly roleArns: readonly string[];
  readonly sessionPolicy: string | undefined;
  readonly managedPolicyArns: readonly string[];
  readonly durationSeconds: number;
  /** Whether callers may name their sessions. */
  readonly takesSessionNames: boolean;
  /** Kept and shown; AWS makes no use of it either. */
  readonly requiresInstanceProperties: boolean;
  readonly mappings: AttributeMappings;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const profiles = table<Profile>("rolesanywhere.profile", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

export const profileArn = (profile: Profile): Arn => arn(profile, `profile/${profile.id}`);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireProfile(id: string, { tx, account, region }: Context): Promise<Profile> {
  const profile = await tx.get(profiles, account, region, id);
  if (profile === undefined) throw profileNotFound();
  return profile;
}

/** The profile of that ARN, in whichever account. */
export async function findProfile(text: string, { tx }: Pick<Context, "tx">): Promise<Profile | undefined> {
  const named = parseResource(text);
  return named?.kind === "profile" ? tx.get(profiles, named.account, named.region, named.id) : undefined;
}
