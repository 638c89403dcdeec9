/** One step of a set-up: told by its first member. */
import type { CallStep, Step } from "../case-file.ts";
import { credentialsIn, textAt, type World } from "../world.ts";
import { makeBucket } from "./bucket.ts";
import { makeDevice } from "./device.ts";
import { makeIssuer, makeToken } from "./issuer.ts";
import { addMember, makeControl, makeOrganization, makeUnit } from "./organization.ts";
import { makeGroup, makeManagedPolicy, makeRole, makeUser, reserveName, spoilKeys, takeRole } from "./principal.ts";

/** @throws {NotAnswered} where the endpoint does not do it. */
export async function takeStep(step: Step, world: World): Promise<void> {
  if ("call" in step) return call(step, world);
  if ("bucket" in step) return makeBucket(step, world);
  if ("issuer" in step) return makeIssuer(step, world);
  if ("token" in step) return makeToken(step, world);
  if ("organization" in step) return makeOrganization(step, world);
  if ("unit" in step) return makeUnit(step, world);
  if ("member" in step) return addMember(step, world);
  if ("control" in step) return makeControl(step, world);
  return makePrincipal(step, world);
}

type PrincipalStep = Exclude<
  Step,
  | { call: string }
  | { bucket: string }
  | { issuer: string }
  | { token: string }
  | { organization: string }
  | { unit: string }
  | { member: string }
  | { control: string }
>;

async function makePrincipal(step: PrincipalStep, world: World): Promise<void> {
  if ("mfa" in step) return makeDevice(step, world);
  if ("session" in step) return takeRole(step, world);
  if ("keys" in step) return spoilKeys(step, world);
  if ("name" in step) return reserveName(step, world);
  if ("managedPolicy" in step) return makeManagedPolicy(step, world);
  if ("group" in step) return makeGroup(step, world);
  if ("role" in step) return makeRole(step, world);
  return makeUser(step, world);
}

async function call(step: CallStep, world: World): Promise<void> {
  const output = await world.make(step);
  const { principal, keep = {} } = step;
  if (principal !== undefined) world.add(principal, { name: principal, credentials: credentialsIn(output) });
  for (const [label, path] of Object.entries(keep)) world.add(label, { name: textAt(output, path) });
}
