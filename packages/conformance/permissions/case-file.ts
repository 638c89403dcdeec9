/** What a file of cases says: scenes, each a world that is set up and the calls that are put to the test in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Input of a call. Strings in it may hold placeholders; see `placeholder.ts`. */
export type Input = Readonly<Record<string, unknown>>;

/** A policy's statement, a list of them, or a whole document. */
export type PolicyText = Input | readonly Input[];

/** What a principal may do: policies in line, AWS's managed policies, and the limit of it all. */
export interface Rights {
  readonly account?: string;
  /** Actions allowed on everything. */
  readonly allow?: readonly string[];
  readonly policy?: PolicyText;
  /** `ReadOnlyAccess`, `job-function/ViewOnlyAccess`. */
  readonly managed?: readonly string[];
}

/** A user or a role. */
export interface Entity extends Rights {
  readonly boundary?: PolicyText;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface UserStep extends Entity {
  readonly user: string;
  readonly groups?: readonly string[];
}

export interface GroupStep extends Rights {
  readonly group: string;
}

export interface RoleStep extends Entity {
  readonly role: string;
  /** Statements without `Effect` and `Action` allow `sts:AssumeRole`; a text is the ARN or account that may. */
  readonly trust: PolicyText | string;
  readonly maxSeconds?: number;
}

/** A customer managed policy. */
export interface ManagedStep {
  readonly managedPolicy: string;
  readonly account?: string;
  readonly policy: PolicyText;
}

/** Somebody takes a role on, and is a further principal from then on. */
export interface SessionStep {
  readonly session: string;
  readonly role: string;
  readonly as: string;
  readonly with?: Input;
}

/** The keys of a principal, with something wrong about them. */
export interface KeysStep {
  readonly keys: string;
  readonly of: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** `null`: without one. */
  readonly sessionToken?: string | null;
}

/** A virtual device that is enabled for a user. */
export interface MfaStep {
  readonly mfa: string;
  readonly user: string;
}

export interface BucketStep {
  readonly bucket: string;
  readonly account?: string;
  readonly region?: string;
  /** Without a public access block. */
  readonly open?: boolean;
  readonly policy?: PolicyText;
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys, and what else is said when they are put. */
  readonly objects?: Readonly<Record<string, Input>>;
}

/** A key of KMS. Where no policy is given it is the usual one, which leaves all to the account's own policies. */
export interface KeyStep {
  readonly key: string;
  readonly account?: string;
  readonly policy?: PolicyText;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Something that is encrypted with a key; its placeholder is good as a `CiphertextBlob`. */
export interface CiphertextStep {
  readonly ciphertext: string;
  readonly key: string;
  readonly as: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** A name that a call under test may give to something new, which is removed at the end. */
export interface NameStep {
  readonly name: string;
  readonly kind:
    | "user"
    | "role"
    | "group"
    | "policy"
    | "bucket"
    | "instance-profile"
    | "linked-role"
    | "mfa"
    | "alias"
    | "vault";
  readonly account?: string;
}

/** An organization in an account of its own, which is known by the organization's label. */
export interface OrganizationStep {
  readonly organization: string;
  readonly types?: readonly ("SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY")[];
}

export interface UnitStep {
  readonly unit: string;
  /** An organization or a unit. */
  readonly in: string;
}

/** An account that was invited and accepted. */
export interface MemberStep {
  readonly member: string;
  readonly in: string;
}

/** An account that the organization makes, which takes its time. */
export interface MadeAccountStep {
  readonly made: string;
  readonly in: string;
}

export interface ControlStep {
  readonly control: string;
  readonly kind: "scp" | "rcp";
  /** The organization, a unit or a member. */
  readonly on: string;
  readonly policy: PolicyText;
  /** Instead of the policy that allows everything. */
  readonly only?: boolean;
}

/** A provider of tokens that runs beside the cases, and is registered in an account. */
export interface IssuerStep {
  readonly issuer: string;
  readonly account?: string;
  readonly clients: readonly string[];
}

/** A token of such a provider. */
export interface TokenStep {
  readonly token: string;
  readonly of: string;
  readonly claims: Input;
  /** Signed with a key that the provider does not publish. */
  readonly forged?: boolean;
}

/** A provider of SAML assertions, registered in an account. */
export interface SamlStep {
  readonly saml: string;
  readonly account?: string;
}

/** What such a provider says of somebody: the response that `AssumeRoleWithSAML` takes. */
export interface AssertionStep {
  readonly assertion: string;
  readonly of: string;
  readonly role: string;
  readonly subject?: string;
  /** `null`: without a name for the session. */
  readonly session?: string | null;
  /** Names that begin with `aws:` are AWS's own. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly audience?: string;
  readonly issuer?: string;
  readonly ageSeconds?: number;
  /** Signed with a key that the account does not know. */
  readonly forged?: boolean;
}

/** What is done after a call that succeeded. */
export interface Followed {
  /** Placeholders, and where in the output their values are: `{ "version": "PolicyVersion.VersionId" }`. */
  readonly keep?: Readonly<Record<string, string>>;
  /** The call that removes at the end what this one made. */
  readonly undo?: CallStep;
}

/** Any other call; by the account's root user where nobody is named. */
export interface CallStep extends Followed {
  readonly call: string;
  readonly as?: string;
  readonly with?: Input;
  readonly region?: string;
  /** Its credentials are a further principal's. */
  readonly principal?: string;
}

export type Step =
  | UserStep
  | GroupStep
  | RoleStep
  | ManagedStep
  | SessionStep
  | KeysStep
  | MfaStep
  | BucketStep
  | KeyStep
  | CiphertextStep
  | NameStep
  | OrganizationStep
  | UnitStep
  | MemberStep
  | MadeAccountStep
  | ControlStep
  | IssuerStep
  | TokenStep
  | SamlStep
  | AssertionStep
  | CallStep;

/** How a call goes out, where that matters. */
export interface Manner {
  readonly region?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `presigned`: as a URL, without the SDK. `tls`: to the same address by HTTPS. */
  readonly via?: "presigned" | "tls" | undefined;
  /** How far the caller's clock is ahead. */
  readonly skewMinutes?: number | undefined;
}

/** What may be said once for a whole scene. */
interface Asked extends Manner {
  /** `anonymous`, an account's label for its root user, or what a step made. */
  readonly as?: string;
  /** `s3:GetObject`: service and operation of the API. */
  readonly call?: string;
  readonly with?: Input;
  /** Where AWS documents the answer. */
  readonly source?: string;
}

/** A call and AWS's answer: exactly one of `allowed` and `denied`. */
export interface Case extends Asked, Followed {
  readonly name: string;
  readonly given?: readonly Step[];
  /** `true`, or the code of the error that shows that the caller was let in. */
  readonly allowed?: true | string;
  /** The error's code; `true` where AWS documents none. */
  readonly denied?: true | string;
  /** What the error's message holds. */
  readonly says?: string;
}

export interface Scene extends Asked {
  readonly given?: readonly Step[];
  readonly cases: readonly Case[];
}

export interface CaseFile {
  readonly group: string;
  readonly scenes: readonly Scene[];
}

const FOLDER = join(import.meta.dirname, "cases");

/** Every file of cases, in the order of their names. */
export function readCaseFiles(): readonly CaseFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => {
    const file: CaseFile = JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
    return file;
  });
}
