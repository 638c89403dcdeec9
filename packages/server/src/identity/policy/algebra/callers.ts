/**
 * Callers that stand for all others: whoever calls is, to the principals of some policies, like one of them. They are
 * made from the names that the policies use, and strangers that they do not name.
 */
import type { PrincipalElement, PrincipalEntry } from "../ast.ts";
import type { Caller } from "../caller.ts";

/** An account and names that no policy uses. */
const STRANGE_ACCOUNT = "!stranger";
const STRANGE_NAME = "!somebody";

/** Names in the forms that ARNs have: how a name is read depends on it. */
const strangers = (account: string) => ({
  user: `arn:aws:iam::${account}:user/${STRANGE_NAME}`,
  role: `arn:aws:iam::${account}:role/${STRANGE_NAME}`,
  session: `arn:aws:sts::${account}:assumed-role/${STRANGE_NAME}/${STRANGE_NAME}`,
  federatedUser: `arn:aws:sts::${account}:federated-user/${STRANGE_NAME}`,
});

const NOBODY: Caller = {
  account: undefined,
  isRoot: false,
  own: [],
  behind: [],
  service: undefined,
  federatedProvider: undefined,
  canonicalUser: undefined,
};

/** Nobody in particular: an anonymous request. */
export const ANONYMOUS: Caller = NOBODY;

/** A user of an account that nobody knows. */
export const STRANGER: Caller = strangeUser(STRANGE_ACCOUNT);

/** The public: denials may spare some of them and not others. */
export const THE_PUBLIC: readonly Caller[] = [STRANGER, strangeSession(STRANGE_ACCOUNT), ANONYMOUS];

/** More are not looked at: policies that name so many have too many combinations. */
const CALLERS_MAX = 4000;

/** The names that policies use, by what they can be. */
interface Names {
  readonly accounts: Set<string>;
  readonly users: Set<string>;
  readonly roles: Set<string>;
  readonly sessions: Set<string>;
  /** Unique ids, and whatever else has no known form. */
  readonly others: Set<string>;
  readonly services: Set<string>;
  readonly providers: Set<string>;
  readonly canonicalUsers: Set<string>;
}

/** `undefined`: there would be too many. */
export function callersFor(elements: readonly PrincipalElement[]): readonly Caller[] | undefined {
  const names = namesIn(elements);
  const callers = [
    ANONYMOUS,
    ...[...names.accounts, STRANGE_ACCOUNT].flatMap((account) => callersOfAccount(account, names)),
    ...[...names.services, STRANGE_NAME].map((service) => ({ ...NOBODY, service })),
    ...[...names.providers, STRANGE_NAME].map((federatedProvider) => ({ ...NOBODY, federatedProvider })),
  ];
  const ofCanonical = [...names.canonicalUsers].flatMap((canonicalUser) =>
    callers.filter(({ account }) => account !== undefined).map((caller) => ({ ...caller, canonicalUser })),
  );
  const all = [...callers, ...ofCanonical];
  return all.length > CALLERS_MAX ? undefined : all;
}

function namesIn(elements: readonly PrincipalElement[]): Names {
  const names: Names = {
    accounts: new Set(),
    users: new Set(),
    roles: new Set(),
    sessions: new Set(),
    others: new Set(),
    services: new Set(),
    providers: new Set(),
    canonicalUsers: new Set(),
  };
  for (const { entries } of elements) for (const entry of entries) addName(entry, names);
  return names;
}

function addName({ kind, value }: PrincipalEntry, names: Names): void {
  if (kind === "Service") names.services.add(value);
  else if (kind === "Federated") names.providers.add(value);
  else if (kind === "CanonicalUser") names.canonicalUsers.add(value);
  else if (/^\d{12}$/.test(value)) names.accounts.add(value);
  else if (value !== "*") addAwsName(value, names);
}

function addAwsName(name: string, names: Names): void {
  const match = /^arn:[^:]+:(iam|sts)::(\d{12}):(\w+)/.exec(name);
  const [, , account, type] = match ?? [];
  if (account !== undefined) names.accounts.add(account);
  if (type === "root") return;
  if (type === "user") names.users.add(name);
  else if (type === "role") names.roles.add(name);
  else if (type === "assumed") names.sessions.add(name);
  else names.others.add(name);
}

/** Everybody in an account: root, users and sessions, by the names that they may have. */
function callersOfAccount(account: string, names: Names): Caller[] {
  const own = (all: ReadonlySet<string>): string[] => [...all].filter((name) => name.includes(`::${account}:`));
  const ids = [undefined, ...names.others];
  const strange = strangers(account);
  const people = [strange.user, ...own(names.users)];
  const roles = [strange.role, ...own(names.roles)];
  const sessions = [strange.session, ...own(names.sessions)];
  return [
    { ...NOBODY, account, isRoot: true, own: [`arn:aws:iam::${account}:root`] },
    ...pairs(people, ids).map(([name, id]) => ({ ...strangeUser(account), own: both(name, id) })),
    ...pairs(people, ids).map(([name, id]) => ({
      ...sessionOf(account, strange.federatedUser),
      behind: both(name, id),
    })),
    ...pairs(sessions, roles).flatMap(([session, role]) =>
      ids.map((id) => ({ ...sessionOf(account, session), behind: both(role, id) })),
    ),
    ...[...names.others].map((name) => sessionOf(account, name)),
  ];
}

const pairs = <One, Other>(ones: readonly One[], others: readonly Other[]): (readonly [One, Other])[] =>
  ones.flatMap((one) => others.map((other) => [one, other] as const));

const both = (name: string, id: string | undefined): string[] => (id === undefined ? [name] : [name, id]);

/** A user that nobody knows. */
export function strangeUser(account: string): Caller {
  return { ...NOBODY, account, own: [strangers(account).user] };
}

/** Of a role that nobody knows. */
export function strangeSession(account: string): Caller {
  const { session, role } = strangers(account);
  return { ...sessionOf(account, session), behind: [role] };
}

function sessionOf(account: string, name: string): Caller {
  return { ...NOBODY, account, own: [name], behind: [] };
}
