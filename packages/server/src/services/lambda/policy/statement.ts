/** Statements of policies that grow by one call and shrink by another. */
import { parseAccountId, parseArn } from "../../../kernel/arn.ts";
import type { PinnedPolicy } from "../../../identity/directory.ts";
import type { Context } from "../../../service/context.ts";
import { principalInvalid, policyTooLong, statementExists, statementNotFound } from "../errors.ts";
import { POLICY_BYTES_MAX } from "../limits.ts";

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Who is let in: a service, an account, somebody by ARN, or anybody. */
export function principalOf(text: string, partition: string): Statement["Principal"] {
  if (text === "*") return "*";
  if (parseAccountId(text) !== undefined) return { AWS: `arn:${partition}:iam::${text}:root` };
  if (parseArn(text) !== undefined) return { AWS: text };
  if (/^[a-z][\w.-]*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(text)) return { Service: text };
  throw principalInvalid();
}

/** A policy as text has it, of which only what grows and shrinks is looked into. */
export interface PolicyDocument {
  readonly Version: string;
  readonly Id?: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

const EMPTY: PolicyDocument = { Version: "2012-10-17", Id: "default", Statement: [] };

/** @throws {AwsError} */
export function withStatement(document: PolicyDocument, added: Statement): PolicyDocument {
  if (document.Statement.some(({ Sid }) => Sid === added.Sid)) throw statementExists(added.Sid);
  return { ...document, Statement: [...document.Statement, added] };
}

/** @throws {AwsError} */
export function withoutStatement(document: PolicyDocument, id: string): PolicyDocument {
  const left = document.Statement.filter(({ Sid }) => Sid !== id);
  if (left.length === document.Statement.length) throw statementNotFound(id);
  return { ...document, Statement: left };
}

type Owner = Parameters<Context["directory"]["pinPrincipals"]>[1];

/** With the users and roles it names held by their ids. @throws {AwsError} */
export async function pinned(text: string, owner: Owner, { directory }: Context): Promise<PinnedPolicy> {
  const bytes = Buffer.byteLength(text);
  if (bytes > POLICY_BYTES_MAX) throw policyTooLong(bytes, POLICY_BYTES_MAX);
  const policy = await directory.pinPrincipals(text, owner);
  if (policy.kind === "unknown") throw principalInvalid();
  return policy;
}

/** As its readers see it; without one, one that says nothing. */
export async function documentOf(
  policy: PinnedPolicy | undefined,
  owner: Owner,
  { directory }: Context,
): Promise<PolicyDocument> {
  if (policy === undefined) return EMPTY;
  const read: Omit<PolicyDocument, "Statement"> & {
    readonly Statement: PolicyDocument["Statement"] | PolicyDocument["Statement"][number];
  } = JSON.parse(await directory.showPrincipals(policy, owner));
  const { Statement: said } = read;
  return { ...read, Statement: "length" in said ? said : [said] };
}
