/**
 * The users and roles that policies of resources name. Each is kept by its unique id, so that another
 * one that later gets the name is not meant; it is shown by its ARN while it exists.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
import type { NamingPlace, PinnedPolicy, UnknownPrincipal } from "../../../identity/directory.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";
import { parseAccountId, parseArn, type AccountId } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { findEntity, findEntityArn } from "../entity.ts";
import { findHolder } from "../holder.ts";

type Renaming = (principal: string) => Promise<string>;

/** `document` is a policy by the form. */
export async function pinPrincipals(document: string, place: NamingPlace): Promise<PinnedPolicy | UnknownPrincipal> {
  const accounts: Record<string, AccountId> = {};
  let unknown: string | undefined;
  const renamed = await renamePrincipals(document, async (principal) => {
    const found = await canonical(principal, place);
    if (!found) unknown ??= principal;
    if (found?.account !== undefined) accounts[found.text] = found.account;
    return found?.text ?? principal;
  });
  return unknown === undefined
    ? { kind: "pinned", document: renamed, accounts }
    : { kind: "unknown", principal: unknown };
}

/** The text as its readers see it: ids of what no longer exists stay ids. */
export async function showPrincipals(
  { document, accounts }: Pick<PinnedPolicy, "document" | "accounts">,
  { tx, partition }: Pick<NamingPlace, "tx" | "partition">,
): Promise<string> {
  if (Object.keys(accounts).length === 0) return document;
  return renamePrincipals(document, async (id) => {
    const account = findOwn(accounts, id);
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

/** `undefined` where the principal does not exist. */
async function canonical(principal: string, { tx, account, partition }: NamingPlace): Promise<Canonical | undefined> {
  if (principal === "*") return { text: principal };
  if (parseAccountId(principal)) return { text: `arn:${partition}:iam::${principal}:root` };
  const holder = await findHolder(tx, principal);
  if (holder) return holder.kind === "group" ? undefined : { text: principal, account };
  if (NAMED_BY_TEXT.test(principal)) return { text: principal };
  const entity = await findEntity(principal, tx);
  if (!entity || entity.kind === "group") return undefined;
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
