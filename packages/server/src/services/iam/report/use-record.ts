/** Notes what was used, and when: keys, roles, services and actions by whom. */
import type { KeyUse } from "../../../identity/directory.ts";
import type { AccountPrincipal } from "../../../identity/principal.ts";
import { unreachable } from "../../../kernel/assert.ts";
import { BoundedCache } from "../../../kernel/bounded-cache.ts";
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

  /** IAM's times are whole seconds. */
  async add(use: KeyUse, tx: Transaction): Promise<void> {
    const { principal, service, region } = use;
    const atMs = Math.floor(use.atMs / 1000) * 1000;
    const { account } = principal;
    const used = { region, atMs, service };
    const place = `${account}/${service}`;
    if (this.#accounts.areNews(place, used)) await this.#accounts.add(place, used, tx.in({ account }));
    if (principal.accessKeyId.startsWith(LONG_TERM_KEY)) await this.#addKeyUse({ ...use, atMs }, tx.in({ account }));
    const entityId = entityIdOf(principal);
    if (entityId !== undefined) await this.#addEntityUse(entityId, { ...use, atMs }, tx.in({ account }));
  }

  /** The store was emptied. */
  forget(): void {
    for (const notes of [this.#keys, this.#roles, this.#services, this.#actions, this.#accounts]) notes.forget();
  }

  async #addKeyUse({ principal: { accessKeyId }, service, region, atMs }: KeyUse, tx: Transaction): Promise<void> {
    const use = { region, atMs, service, accessKeyId };
    if (!this.#keys.areNews(accessKeyId, use)) return;
    if (await tx.get(accessKeys, accessKeyId)) await this.#keys.add(accessKeyId, use, tx);
  }

  async #addEntityUse(entityId: string, { principal, service, region, atMs, action }: KeyUse, tx: Transaction) {
    const used = { region, atMs };
    const isRole = principal.type === "role-session";
    if (isRole && this.#roles.areNews(entityId, used))
      await this.#roles.add(entityId, { ...used, roleId: entityId }, tx);
    const ofService = { ...used, service, entityId };
    const place = `${entityId}/${service}`;
    if (this.#services.areNews(place, ofService)) await this.#services.add(place, ofService, tx);
    if (!this.#isTracked(action)) return;
    const actionPlace = `${entityId}/${action}`;
    if (this.#actions.areNews(actionPlace, used))
      await this.#actions.add(actionPlace, { ...used, action, entityId }, tx);
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
