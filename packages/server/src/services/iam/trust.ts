/**
 * The trust policies of roles. A user or role that one names is kept by its unique id, so that
 * another one that later gets the name is not trusted; it is shown by its ARN while it exists.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
import { parsePolicy } from "../../identity/policy/parse.ts";
import { parseAccountId, parseArn, type AccountId } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { charactersOf, requireValidDocument } from "./document.ts";
import { invalidPrincipal, quotaExceeded } from "./errors.ts";
import { findEntity, findEntityArn } from "./entity.ts";
import { findHolder } from "./holder.ts";
import { TRUST_POLICY_CHARACTERS_MAX } from "./limits.ts";
import type { Role, Trust } from "./role-row.ts";

type Renaming = (principal: string) => Promise<string>;

/** @throws {AwsError} `MalformedPolicyDocument`, `LimitExceeded` */
export async function readTrust(document: string, context: Context): Promise<Trust> {
  requireValidDocument(document, "trust");
  const max = TRUST_POLICY_CHARACTERS_MAX;
  if (charactersOf(document) > max) throw quotaExceeded("ACLSizePerRole", max);
  const accounts: Record<string, AccountId> = {};
  const renamed = await renamePrincipals(document, async (principal) => {
    const { text, account } = await canonical(principal, context);
    if (account !== undefined) accounts[text] = account;
    return text;
  });
  return { document: renamed, accounts };
}

/** The text as its readers see it: ids of what no longer exists stay ids. */
export async function showTrust({ trust, arn }: Pick<Role, "trust" | "arn">, tx: Transaction): Promise<string> {
  const { document, accounts } = trust;
  const partition = parseArn(arn)?.partition ?? "aws";
  return Object.keys(accounts).length === 0
    ? document
    : renamePrincipals(document, async (id) => {
        const account = accounts[id];
        return (account && (await findEntityArn({ id, account, partition }, tx))) ?? id;
      });
}

/** Principals that have no unique id to be kept by. */
const NAMED_BY_TEXT = /^arn:[^:]+:(iam::\d{12}:root|sts::\d{12}:federated-user\/.+)$/;

interface Canonical {
  readonly text: string;
  /** Only where `text` is a unique id. */
  readonly account?: AccountId | undefined;
}

/** @throws {AwsError} `MalformedPolicyDocument` where the principal does not exist. */
async function canonical(principal: string, context: Context): Promise<Canonical> {
  const { tx, partition } = context;
  if (principal === "*") return { text: principal };
  if (parseAccountId(principal)) return { text: `arn:${partition}:iam::${principal}:root` };
  if (await findHolder(tx, principal)) return { text: principal, account: context.account };
  if (NAMED_BY_TEXT.test(principal)) return { text: principal };
  const entity = await findEntity(principal, tx);
  if (!entity || entity.kind === "group") throw invalidPrincipal(principal);
  const parts = parseArn(principal);
  if (parts?.service === "sts") return { text: principal };
  return { text: entity.id, account: parseAccountId(parts?.account ?? "") };
}

/** The policy's text with every `AWS` principal renamed in its place. */
async function renamePrincipals(document: string, rename: Renaming): Promise<string> {
  const { statements } = parsePolicy(document);
  const principals = statements.flatMap(({ principal }) => principal?.entries ?? []);
  let renamed = "";
  let copied = 0;
  for (const { kind, value, span } of principals) {
    if (kind !== "AWS") continue;
    renamed += document.slice(copied, span.start) + JSON.stringify(await rename(value));
    copied = span.end;
  }
  return renamed + document.slice(copied);
}
