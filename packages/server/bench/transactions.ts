/** Transactions of the store by themselves, in one process. Run: node packages/server/bench/transactions.ts */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOWHERE, table, type Transaction } from "../src/kernel/table.ts";
import { openEmbedded, openMemory, type OpenedStore } from "../src/store/drivers/open.ts";
import type { Store } from "../src/store/store.ts";
import { median } from "./table.ts";

interface User {
  readonly name: string;
  readonly uses: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly note: string;
}

const users = table<User>("bench.user", "account", ({ name }) => [name]);
const USERS = 20_000;
const TRANSACTIONS = 20_000;
const ROUNDS = 5;
const AT_ONCE = 32;

const nameOf = (index: number): string => `user-${String(index % USERS).padStart(6, "0")}`;
const newUser = (index: number): User => ({
  name: nameOf(index),
  uses: 0,
  tags: { team: "red", environment: "production" },
  note: "x".repeat(200),
});

const BODIES: Readonly<Record<string, (tx: Transaction, index: number) => Promise<void>>> = {
  "3 gets of rows often read": async (tx, index) => {
    for (const each of [1, 2, 3 + (index % 8)]) await tx.get(users, nameOf(each));
  },
  "3 gets of rows not read lately": async (tx, index) => {
    for (const each of [7, 11, 13]) await tx.get(users, nameOf(index * each));
  },
  "1 get, 1 put": async (tx, index) => {
    const user = await tx.get(users, nameOf(index * 7));
    if (user) tx.put(users, { ...user, uses: user.uses + 1 });
  },
  "a page of 20 rows": async (tx, index) => {
    await tx.scan(users, { from: [nameOf(index * 7)], limit: 20 });
  },
};

async function fill(store: Store): Promise<void> {
  await store.transact(NOWHERE, async (tx) => {
    for (let index = 0; index < USERS; index++) tx.put(users, newUser(index));
  });
}

async function perSecond(store: Store, body: (tx: Transaction, index: number) => Promise<void>): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let next = 0;
    const begin = performance.now();
    const worker = async (): Promise<void> => {
      while (next < TRANSACTIONS) {
        const index = next++;
        await store.transact(NOWHERE, (tx) => body(tx, index));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    rates.push(TRANSACTIONS / ((performance.now() - begin) / 1000));
  }
  return median(rates);
}

const directory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
const stores: Readonly<Record<string, () => Promise<OpenedStore>>> = {
  memory: openMemory,
  embedded: () => openEmbedded({ directory: join(directory, "normal") }),
  "embedded, full durability": () => openEmbedded({ directory: join(directory, "full"), durability: "full" }),
};

console.log(`transactions per second, ${AT_ONCE} at once\n`);
console.log(`| store | ${Object.keys(BODIES).join(" | ")} |\n|---|${"---|".repeat(Object.keys(BODIES).length)}`);
for (const [name, open] of Object.entries(stores)) {
  const { store } = await open();
  await fill(store);
  const rates: string[] = [];
  for (const body of Object.values(BODIES)) rates.push(Math.round(await perSecond(store, body)).toLocaleString("en"));
  console.log(`| ${name} | ${rates.join(" | ")} |`);
  await store.close();
}
await rm(directory, { recursive: true });
