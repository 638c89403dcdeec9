/** Notes what was used, and when: keys, roles, services and actions by whom. */
import type { KeyUse } from "../../identity/directory.ts";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { unreachable } from "../../kernel/assert.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Table, Transaction } from "../../kernel/table.ts";
import { accessKeys, accessKeyUses } from "./access-key.ts";
import { roleUses } from "./role-use.ts";
import { accountUses, actionUses, serviceUses } from "./service-use.ts";
import { isTracked } from "./tracked-action.ts";

/** What was noted so recently is not noted again: a busy key would write with every call. */
const UNNOTED_MS = 60_000;
/** So many notes, at the least, are remembered to be fresh. */
const FRESH_MAX = 10_000;
const LONG_TERM_KEY = "AKIA";

interface Noted {
  readonly atMs: number;
  readonly region: string;
  readonly service?: string;
}

/** The uses of one cloud. */
export class UseRecord {
  /** What is known to be written, by table and key: a use of which that is known costs no look at the store. */
  #fresh = new BoundedCache<string, Noted>(FRESH_MAX);
  /** Whether actions are tracked: asked for with every call. */
  readonly #tracked = new BoundedCache<string, boolean>(FRESH_MAX);

  /** IAM's times are whole seconds. */
  async add({ principal, service, region, atMs: exactMs, action }: KeyUse, tx: Transaction): Promise<void> {
    const there = tx.in({ account: principal.account });
    const use = { region, atMs: Math.floor(exactMs / 1000) * 1000 };
    const { accessKeyId, account } = principal;
    if (accessKeyId.startsWith(LONG_TERM_KEY)) await this.#addKeyUse({ ...use, accessKeyId, service }, there);
    // all of an account comes by here: that its calls go to many regions is no reason to write with each
    await this.#add(accountUses, { ...use, service }, { id: [account, service], isNews: isLater }, there);
    const entityId = entityIdOf(principal);
    if (entityId === undefined) return;
    if (principal.type === "role-session")
      await this.#add(roleUses, { ...use, roleId: entityId }, { id: [entityId] }, there);
    await this.#add(serviceUses, { ...use, entityId, service }, { id: [entityId, service] }, there);
    if (this.#isTracked(action))
      await this.#add(actionUses, { ...use, entityId, action }, { id: [entityId, action] }, there);
  }

  /** The store was emptied. */
  forget(): void {
    this.#fresh = new BoundedCache(FRESH_MAX);
  }

  async #add<Row extends Noted>(to: Table<Row>, row: Row, of: Of, tx: Transaction): Promise<void> {
    const { id, isNews = isOther, mayAdd } = of;
    const place = `${to.name}/${id.join("/")}`;
    if (!isNews(this.#fresh.get(place), row)) return;
    const found = await tx.get(to, ...to.keyOf(row));
    // only what is committed counts: this transaction may yet fail
    if (found !== undefined && !isNews(found, row)) this.#fresh.set(place, found);
    else if (mayAdd === undefined || (await mayAdd())) tx.put(to, row);
  }

  #addKeyUse(row: Noted & { readonly accessKeyId: string; readonly service: string }, tx: Transaction): Promise<void> {
    const { accessKeyId } = row;
    const isThere = async (): Promise<boolean> => (await tx.get(accessKeys, accessKeyId)) !== undefined;
    return this.#add(accessKeyUses, row, { id: [accessKeyId], mayAdd: isThere }, tx);
  }

  #isTracked(action: string): boolean {
    let tracked = this.#tracked.get(action);
    if (tracked === undefined) this.#tracked.set(action, (tracked = isTracked(action)));
    return tracked;
  }
}

/** What a use is of. */
interface Of {
  /** Among all accounts. */
  readonly id: readonly string[];
  readonly isNews?: (before: Noted | undefined, now: Noted) => boolean;
  readonly mayAdd?: () => Promise<boolean>;
}

const isLater = (before: Noted | undefined, { atMs }: Noted): boolean =>
  before === undefined || Math.abs(atMs - before.atMs) >= UNNOTED_MS;

const isOther = (before: Noted | undefined, now: Noted): boolean =>
  before?.region !== now.region || before.service !== now.service || isLater(before, now);

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
