/** One step of a set-up. */
import type {
  AssertionStep,
  BucketStep,
  CallStep,
  CiphertextStep,
  ControlStep,
  IssuerStep,
  KeyStep,
  MadeAccountStep,
  MemberStep,
  NameStep,
  OrganizationStep,
  RoleStep,
  SamlStep,
  Step,
  TokenStep,
  UnitStep,
} from "../case-file.ts";
import { credentialsIn, type World } from "../world.ts";
import { makeBucket } from "./bucket.ts";
import { makeDevice } from "./device.ts";
import { makeIssuer, makeToken } from "./issuer.ts";
import { encrypt, makeKey } from "./key.ts";
import { addMember, makeAccount, makeControl, makeOrganization, makeUnit } from "./organization.ts";
import { makeGroup, makeManagedPolicy, makeRole, makeUser, reserveName, spoilKeys, takeRole } from "./principal.ts";
import { makeAssertion, makeSamlProvider } from "./saml-provider.ts";

/** @throws {NotAnswered} where the endpoint does not do it. */
export async function takeStep(step: Step, world: World): Promise<void> {
  if ("call" in step) return call(step, world);
  if ("bucket" in step) return makeBucket(step, world);
  if ("ciphertext" in step) return encrypt(step, world);
  if ("key" in step) return makeKey(step, world);
  if ("name" in step) return reserveName(step, world);
  return makePrincipal(step, world);
}

type PrincipalStep = Exclude<Step, CallStep | BucketStep | CiphertextStep | KeyStep | NameStep>;

async function makePrincipal(step: PrincipalStep, world: World): Promise<void> {
  if ("mfa" in step) return makeDevice(step, world);
  if ("session" in step && "as" in step) return takeRole(step, world);
  if ("keys" in step) return spoilKeys(step, world);
  if ("managedPolicy" in step) return makeManagedPolicy(step, world);
  if ("group" in step) return makeGroup(step, world);
  if ("user" in step) return makeUser(step, world);
  return takeFurtherStep(step, world);
}

type FurtherStep =
  | RoleStep
  | OrganizationStep
  | UnitStep
  | MemberStep
  | MadeAccountStep
  | ControlStep
  | IssuerStep
  | TokenStep
  | SamlStep
  | AssertionStep;

async function takeFurtherStep(step: FurtherStep, world: World): Promise<void> {
  if ("organization" in step) return makeOrganization(step, world);
  if ("unit" in step) return makeUnit(step, world);
  if ("member" in step) return addMember(step, world);
  if ("made" in step) return makeAccount(step, world);
  if ("control" in step) return makeControl(step, world);
  if ("issuer" in step && "clients" in step) return makeIssuer(step, world);
  if ("token" in step) return makeToken(step, world);
  if ("saml" in step) return makeSamlProvider(step, world);
  if ("assertion" in step) return makeAssertion(step, world);
  return makeRole(step, world);
}

async function call(step: CallStep, world: World): Promise<void> {
  const output = await world.make(step);
  const { principal } = step;
  if (principal !== undefined) world.add(principal, { name: principal, credentials: credentialsIn(output) });
  world.follow(step, output);
}
