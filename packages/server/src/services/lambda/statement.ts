/** Statements of policies that grow by one call and shrink by another. */
import { parseAccountId, parseArn } from "../../kernel/arn.ts";
import type { PinnedPolicy } from "../../identity/directory.ts";
import type { Context } from "../../service/context.ts";
import { principalInvalid, policyTooLong, statementExists, statementNotFound } from "./errors.ts";
import { POLICY_BYTES_MAX } from "./limits.ts";

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

export const documentOf = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });

/** @throws {AwsError} */
export function withStatement(statements: readonly Statement[], added: Statement): readonly Statement[] {
  if (statements.some(({ Sid }) => Sid === added.Sid)) throw statementExists(added.Sid);
  return [...statements, added];
}

/** @throws {AwsError} */
export function withoutStatement(statements: readonly Statement[], id: string): readonly Statement[] {
  const left = statements.filter(({ Sid }) => Sid !== id);
  if (left.length === statements.length) throw statementNotFound(id);
  return left;
}

type Owner = Parameters<Context["directory"]["pinPrincipals"]>[1];

/** With the users and roles it names held by their ids. @throws {AwsError} */
export async function pinned(
  statements: readonly Statement[],
  owner: Owner,
  { directory }: Context,
): Promise<PinnedPolicy> {
  const text = documentOf(statements);
  const bytes = Buffer.byteLength(text);
  if (bytes > POLICY_BYTES_MAX) throw policyTooLong(bytes, POLICY_BYTES_MAX);
  const policy = await directory.pinPrincipals(text, owner);
  if (policy.kind === "unknown") throw principalInvalid();
  return policy;
}

/** As its readers see them. */
export async function statementsOf(
  policy: PinnedPolicy | undefined,
  owner: Owner,
  { directory }: Context,
): Promise<readonly Statement[]> {
  if (policy === undefined) return [];
  const read: { readonly Statement: readonly Statement[] } = JSON.parse(await directory.showPrincipals(policy, owner));
  return read.Statement;
}
