/** Who makes a call, once authenticated. */
import type { AccountId, Arn } from "../kernel/arn.ts";

/** What temporary credentials carry from the moment they were issued. */
export interface Session {
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** When the caller proved a second factor; `undefined` without one. */
  readonly mfaAtMs?: number | undefined;
  readonly sourceIdentity?: string | undefined;
  /** Session tags, inherited ones included. Feed `aws:PrincipalTag/…` over the role's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  /** Session policies: texts passed in line, and managed policies by ARN. */
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  /** Of somebody who signed in to the console: all that the identity may do, it may. */
  readonly signedIn?: true | undefined;
  /** Made with temporary credentials of a role: may last one hour at most. */
  readonly chained: boolean;
  /** The identity provider of a federated session: feeds `aws:FederatedProvider`. */
  readonly federatedProvider?: string | undefined;
  /** Further condition keys that stay with the session: SAML attributes, OIDC claims. */
  readonly keys?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface Root {
  readonly type: "root";
  readonly account: AccountId;
  /** `arn:aws:iam::111111111111:root`. */
  readonly arn: Arn;
  /** The account id. */
  readonly userId: string;
  readonly accessKeyId: string;
  readonly session?: Session | undefined;
  /** A made-up key under `--auth permissive`: it may assume roles, which AWS lets no root user do. */
  readonly unchecked?: true;
}

export interface User {
  readonly type: "user";
  readonly account: AccountId;
  readonly arn: Arn;
  /** `AIDA…`. */
  readonly userId: string;
  readonly userName: string;
  readonly accessKeyId: string;
  /** Present where the credentials come from `GetSessionToken`. */
  readonly session?: Session | undefined;
}

export interface RoleSession {
  readonly type: "role-session";
  readonly account: AccountId;
  /** `arn:aws:sts::111111111111:assumed-role/support/s1`. */
  readonly arn: Arn;
  /** `AROA…:s1`. */
  readonly userId: string;
  readonly roleArn: Arn;
  readonly roleId: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly session: Session;
}

export interface FederatedUser {
  readonly type: "federated-user";
  readonly account: AccountId;
  /** `arn:aws:sts::111111111111:federated-user/alice`. */
  readonly arn: Arn;
  /** `111111111111:alice`. */
  readonly userId: string;
  readonly name: string;
  /** The user, or the account's root, whose long-term key made the session; its policies bound it. */
  readonly issuer: { readonly arn: Arn; readonly userId: string; readonly userName: string | undefined };
  readonly accessKeyId: string;
  readonly session: Session;
}

export interface Anonymous {
  readonly type: "anonymous";
}

/** A service that calls on its own behalf: `lambda.amazonaws.com`. */
export interface ServicePrincipal {
  readonly type: "service";
  readonly service: string;
}

export type Principal = Root | User | RoleSession | FederatedUser | Anonymous | ServicePrincipal;

/** A principal that belongs to an account. */
export type AccountPrincipal = Exclude<Principal, Anonymous | ServicePrincipal>;
