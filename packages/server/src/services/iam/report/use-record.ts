/** Notes what was used, and when: keys, roles, services and actions by whom. */
import type { KeyUse } from "../../../identity/directory.ts";
import type { AccountPrincipal } from "../../../identity/principal.ts";
import { unreachable } from "../../../kernel/assert.ts";
import { BoundedCache } from "../../../kernel/bounded-cache.ts";
import { inTurn, type Soon } from "../../../kernel/soon.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { accessKeys, accessKeyUses } from "../credential/access-key.ts";
import { roleUses } from "../role/use.ts";
import { accountUses, actionUses, serviceUses } from "./service-use.ts";
import { isTracked } from "./tracked-action.ts";
import { isLater, isOther, UseNotes } from "./use-note.ts";

/** So many actions are remembered, whether they are tracked, at the least. */
const ACTIONS_MAX = 2000;
const LONG_TERM_KEY = "AKIA";

/** The uses of one cloud. */
export class UseRecord {
  readonly #keys = new UseNotes(accessKeyUses, isOther);
  readonly #roles = new UseNotes(roleUses, isOther);
  readonly #services = new UseNotes(serviceUses, isOther);
  readonly #actions = new UseNotes(actionUses, isOther);
  /** All of an account comes by here: that its calls go to many regions is no reason to write with each. */
  readonly #accounts = new UseNotes(accountUses, isLater);
  readonly #tracked = new BoundedCache<string, boolean>(ACTIONS_MAX);

  /** IAM's times are whole seconds. Most uses were noted lately, and cost no wait. */
  add(given: KeyUse, tx: Transaction): Soon<void> {
    const use = { ...given, atMs: Math.floor(given.atMs / 1000) * 1000 };
    const there = tx.in({ account: use.principal.account });
    return inTurn([
      () => this.#addAccountUse(use, there),
      () => this.#addKeyUse(use, there),
      () => this.#addEntityUse(use, there),
    ]);
  }

  /** The store was emptied. */
  forget(): void {
    for (const notes of [this.#keys, this.#roles, this.#services, this.#actions, this.#accounts]) notes.forget();
  }

  #addAccountUse({ principal: { account }, service, region, atMs }: KeyUse, tx: Transaction): Soon<void> {
    return this.#accounts.add(`${account}/${service}`, { region, atMs, service }, tx);
  }

  #addKeyUse({ principal: { accessKeyId }, service, region, atMs }: KeyUse, tx: Transaction): Soon<void> {
    const use = { region, atMs, service, accessKeyId };
    if (!accessKeyId.startsWith(LONG_TERM_KEY) || !this.#keys.areNews(accessKeyId, use)) return undefined;
    return tx.get(accessKeys, accessKeyId).then((key) => key && this.#keys.add(accessKeyId, use, tx));
  }

  #addEntityUse({ principal, service, region, atMs, action }: KeyUse, tx: Transaction): Soon<void> {
    const entityId = entityIdOf(principal);
    if (entityId === undefined) return undefined;
    const used = { region, atMs };
    const isRole = principal.type === "role-session";
    return inTurn([
      () => (isRole ? this.#roles.add(entityId, { ...used, roleId: entityId }, tx) : undefined),
      () => this.#services.add(`${entityId}/${service}`, { ...used, service, entityId }, tx),
      () =>
        this.#isTracked(action)
          ? this.#actions.add(`${entityId}/${action}`, { ...used, action, entityId }, tx)
          : undefined,
    ]);
  }

  #isTracked(action: string): boolean {
    let tracked = this.#tracked.get(action);
    if (tracked === undefined) this.#tracked.set(action, (tracked = isTracked(action)));
    return tracked;
  }
}

/** The user or role behind a principal: `undefined` for root, whose access nobody tracks. */
function entityIdOf(principal: AccountPrincipal): string | undefined {
  switch (principal.type) {
    case "user":
      return principal.userId;
    case "role-session":
      return principal.roleId;
    case "federated-user":
      return principal.issuer.userName === undefined ? undefined : principal.issuer.userId;
    case "root":
      return undefined;
    default:
      return unreachable(principal);
  }
}
