/** Whom a statement's principals let in from outside of the zone of trust, by the names that findings give them. */
import type { PrincipalElement, PrincipalEntry } from "../../../identity/policy/ast.ts";
import {
  ANONYMOUS,
  STRANGER,
  strangeSession,
  strangeUser,
  THE_PUBLIC,
} from "../../../identity/policy/algebra/callers.ts";
import type { Caller } from "../../../identity/policy/caller.ts";
import { parseAccountId, parseArn } from "../../../kernel/arn.ts";
import type { Zone } from "../analyzer/zone.ts";

export interface ExternalPrincipal {
  /** As findings show it: `{ AWS: "111122223333" }`. */
  readonly shown: Readonly<Record<string, string>>;
  /** Some that stand for all who are meant. */
  readonly callers: readonly Caller[];
  /** Whether that is anybody at all. */
  readonly isAnybody: boolean;
}

const ANYBODY: ExternalPrincipal = { shown: { AWS: "*" }, callers: THE_PUBLIC, isAnybody: true };

/** Services do not count. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html */
export function externalPrincipals(
  { negated, everyone, entries }: PrincipalElement,
  { zone, canonicalOwner }: { readonly zone: Zone; readonly canonicalOwner: string | undefined },
): readonly ExternalPrincipal[] {
  if (negated || everyone) return [ANYBODY];
  return entries
    .filter(({ kind, value }) => kind !== "CanonicalUser" || value !== canonicalOwner)
    .flatMap((entry) => external(entry, zone) ?? []);
}

function external({ kind, value }: PrincipalEntry, zone: Zone): ExternalPrincipal | undefined {
  switch (kind) {
    case "Service":
      return undefined;
    case "Federated":
      return one({ Federated: value }, [{ ...ANONYMOUS, federatedProvider: value }]);
    case "CanonicalUser":
      return one({ CanonicalUser: value }, [{ ...STRANGER, canonicalUser: value }]);
    case "AWS":
      return value === "*" ? ANYBODY : externalName(value, zone);
  }
}

const one = (shown: ExternalPrincipal["shown"], callers: readonly Caller[]): ExternalPrincipal => ({
  shown,
  callers,
  isAnybody: false,
});

/** An account, a user, a role or a session; ids of those who are gone reach nobody. */
function externalName(name: string, { accounts }: Zone): ExternalPrincipal | undefined {
  const arn = parseArn(name);
  const account = parseAccountId(arn?.account ?? name);
  if (account === undefined || accounts.includes(account)) return undefined;
  const user = strangeUser(account);
  const session = strangeSession(account);
  if (arn === undefined || arn.resource === "root") return one({ AWS: account }, [user, session]);
  if (!arn.resource.startsWith("role/")) return one({ AWS: name }, [{ ...user, own: [name] }]);
  const role = arn.resource.split("/").at(-1) ?? "";
  const own = [`arn:aws:sts::${account}:assumed-role/${role}/!session`];
  return one({ AWS: name }, [{ ...session, own, behind: [name] }]);
}
