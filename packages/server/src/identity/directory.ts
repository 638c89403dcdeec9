/** What authentication and authorisation must know of accounts, keys and policies. The IAM service answers it. */
import type { AccountId, Arn } from "../kernel/arn.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Context } from "../service/context.ts";
import type { OrganizationFacts, OrganizationStanding } from "./organization.ts";
import type { AccountPrincipal, User } from "./principal.ts";

/** A policy as it is attached somewhere. `document` is its text; equal texts are compiled once. */
export interface NamedPolicy {
  /** The ARN of a managed policy, the name of an inline one. */
  readonly name: string;
  readonly document: string;
}

/** The policies that hang on one level of an organization: the root, a unit, the account itself. */
export interface PolicyLevel {
  /** The id of the root, unit or account. */
  readonly level: string;
  readonly policies: readonly NamedPolicy[];
}

/** All that bounds or grants a principal's rights, resource policies apart. */
export interface PrincipalPolicies {
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy | undefined;
  /** Session policies, in line and managed; `undefined` where the session has none and is not bounded. */
  readonly session?: readonly NamedPolicy[] | undefined;
  /** From the root down to the account; `undefined` where service control policies do not apply. */
  readonly scps?: readonly PolicyLevel[] | undefined;
  /** The principal's own tags, without the session's. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A long-term access key and whose it is. */
export interface AccessKeyRecord {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly status: "Active" | "Inactive";
  readonly owner: AccountPrincipal;
}

/** A role as STS must know it. Sees all accounts. */
export interface RoleRecord {
  readonly account: AccountId;
  readonly arn: Arn;
  /** `AROA…`. */
  readonly roleId: string;
  readonly roleName: string;
  readonly trustPolicy: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The role's `MaxSessionDuration`. */
  readonly maxSessionSeconds: number;
}

/** An OpenID Connect provider that an account has registered. */
export interface OidcProviderRecord {
  readonly arn: Arn;
  /** Without its scheme: what condition keys of its tokens begin with. */
  readonly url: string;
  readonly clientIds: readonly string[];
  /** SHA-1 of certificates that are trusted where no authority vouches for the provider's. */
  readonly thumbprints: readonly string[];
}

/** A SAML provider that an account has registered. */
export interface SamlProviderRecord {
  readonly account: AccountId;
  readonly arn: Arn;
  readonly name: string;
  /** The provider's metadata document. */
  readonly metadata: string;
  /** Virtual epoch milliseconds. */
  readonly validUntilMs: number;
  /** `undefined`: it encrypts nothing. */
  readonly encryption?: AssertionEncryption | undefined;
}

/** How a SAML provider's assertions are encrypted. */
export interface AssertionEncryption {
  /** Private keys, in PEM: any of them may open an assertion. */
  readonly keys: readonly string[];
  /** Whether none are taken in the clear. */
  readonly isRequired: boolean;
}

/** A code from a second factor, shown by the caller. */
export interface MfaProof {
  /** The user, or root, that the device has to belong to. */
  readonly principal: AccountPrincipal;
  /** The serial number of a hardware device, the ARN of a virtual one. */
  readonly serialNumber: string;
  /** Six digits. */
  readonly code: string;
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
  /** When the client says it signed the call: an authenticator shows real time's codes wherever virtual time is. */
  readonly clientAtMs?: number | undefined;
}

/** `no-device`: unknown, not enabled, or another's. `wrong-code`: does not fit the time, or was used before. */
export type MfaVerdict = "verified" | "no-device" | "wrong-code";

/** A name and password that somebody shows to sign in to the console, and the code of a second factor where they show one. */
export interface PasswordProof {
  readonly account: AccountId;
  readonly userName: string;
  readonly password: string;
  /** Six digits. */
  readonly code: string | undefined;
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
}

/** Whether the name and password, and the code, are those of a user. */
export type PasswordVerdict =
  /** Not, whichever of them it is; for the record, whether there is a user of that name. */
  | { readonly kind: "refused"; readonly userExists: boolean }
  /** The user has a second factor. */
  | { readonly kind: "code-wanted" }
  /** They were, until the account's rules ended that: an administrator has to set others. */
  | { readonly kind: "expired" }
  | {
      readonly kind: "signed-in";
      readonly user: Omit<User, "accessKeyId" | "session">;
      readonly secondFactor: boolean;
      /** Another one has to be set before anything else. */
      readonly passwordChangeRequired: boolean;
    };

/** Whose names a policy uses: those of an account, or of any by ARN. */
export interface NamingPlace {
  readonly tx: Transaction;
  readonly account: AccountId;
  readonly partition: string;
}

/**
 * A resource's policy that holds the users and roles it names by their unique ids, so that others who
 * get their names later are not meant. Plain JSON.
 */
export interface PinnedPolicy {
  readonly kind: "pinned";
  readonly document: string;
  /** The account of each unique id in the text. */
  readonly accounts: Readonly<Record<string, AccountId>>;
}

/** A policy names someone who does not exist. */
export interface UnknownPrincipal {
  readonly kind: "unknown";
  readonly principal: string;
}

/** A role that a service makes in an account: one that the account has from then on, or the service's own. */
export type NewRole =
  | {
      readonly kind: "own";
      readonly account: AccountId;
      readonly name: string;
      /** The `Principal` of the trust policy. */
      readonly trusts: Readonly<Record<string, string>>;
      /** The managed policy that is attached. */
      readonly policyArn: Arn;
    }
  | { readonly kind: "service-linked"; readonly account: AccountId; readonly service: string };

export interface Directory {
  findAccessKey(accessKeyId: string, tx: Transaction): Promise<AccessKeyRecord | undefined>;
  /** `undefined`: the principal no longer exists (its role or user was deleted). */
  policiesOf(principal: AccountPrincipal, tx: Transaction): Promise<PrincipalPolicies | undefined>;
  /** The place of `account` in its organization; `undefined` where it is in none. */
  organizationOf(account: AccountId, tx: Transaction): Promise<OrganizationStanding | undefined>;
  /** The tree of organizations. */
  readonly organizations: Pick<OrganizationFacts, "entityAt" | "findScp">;
  /** Makes a role; nothing where one of that name is there. */
  createRole(role: NewRole, context: Pick<Context, "tx" | "partition" | "newId" | "now">): Promise<void>;
  /** Notes that a key or role was used, where that was not noted lately: reads stay reads. */
  used(use: KeyUse, tx: Transaction): Soon<void>;
  /** The store was emptied: what is remembered of it is void. */
  emptied(): void;
  /** The role of that ARN in whichever account; `undefined` where there is none. */
  findRole(arn: string, tx: Transaction): Promise<RoleRecord | undefined>;
  /** The unique ids of the users in the group of that ARN, in whichever account. */
  groupMembers(arn: string, tx: Transaction): Promise<readonly string[]>;
  /** The managed policy of that ARN, AWS's own or a customer's, in its default version. */
  findManagedPolicy(arn: string, tx: Transaction): Promise<NamedPolicy | undefined>;
  /** `document` is a policy by its form. */
  pinPrincipals(document: string, place: NamingPlace): Promise<PinnedPolicy | UnknownPrincipal>;
  /** The policy's text as its readers see it: with ARNs, and the ids of those who are gone. */
  showPrincipals(policy: PinnedPolicy, place: NamingPlace): Promise<string>;
  /** Checks a code by the device's own seed and uses it up, so that it is good once. */
  verifyMfa(proof: MfaProof, tx: Transaction): Promise<MfaVerdict>;
  /** Checks a password, and a code, which it uses up; notes that the password was used. */
  checkPassword(proof: PasswordProof, tx: Transaction): Promise<PasswordVerdict>;
  /** The account of that alias. */
  accountOfAlias(alias: string, tx: Transaction): Promise<AccountId | undefined>;
  /** Whether `manager` may take root sessions in `member`: its organization's management or delegated account, with root sessions enabled. */
  canAssumeRoot(
    accounts: { readonly manager: AccountId; readonly member: AccountId },
    tx: Transaction,
  ): Promise<boolean>;
  /** The account's provider of tokens whose `iss` is `issuer`. */
  findOidcProvider(issuer: string, account: AccountId, tx: Transaction): Promise<OidcProviderRecord | undefined>;
  /** The SAML provider of that ARN in whichever account. */
  findSamlProvider(arn: string, tx: Transaction): Promise<SamlProviderRecord | undefined>;
  /** The issuer URL of the account's outbound web identity federation; `undefined` where it is not enabled. */
  outboundIssuer(account: AccountId, tx: Transaction): Promise<string | undefined>;
}

export interface KeyUse {
  readonly principal: AccountPrincipal;
  /** As its actions begin: `s3`. */
  readonly service: string;
  /** `s3:CreateBucket`. */
  readonly action: string;
  readonly region: string;
  readonly atMs: number;
}
