/**
 * The process whose disk grows full: it rewrites rows all over the store, so that little is new and many pages change,
 * until it is refused. Then it says on standard output what was promised, and what it still finds. `rewriter.ts DIRECTORY`.
 */
import { openEmbedded } from "../../src/store/drivers/open.ts";
import { HERE, notes } from "../store/notes.ts";
import { Seeded } from "../store/seeded.ts";
import { ROWS, rowAt, textsOf, type Rewritten } from "./rewritten.ts";

const ROWS_A_TURN = 50;

const [, , directory = ""] = process.argv;
const { store } = await openEmbedded({ directory });
const chance = new Seeded(5);
const promised = textsOf(await store.transact(HERE, (tx) => tx.scan(notes, { limit: ROWS })));

async function rewrite(turn: number): Promise<void> {
  const rows = Array.from({ length: ROWS_A_TURN }, () => rowAt(chance.below(ROWS), `turn ${turn}`));
  await store.transact(HERE, async (tx) => {
    for (const row of rows) tx.put(notes, row);
  });
  Object.assign(promised, textsOf(rows));
}

for (let turn = 1; ; turn++) {
  try {
    await rewrite(turn);
  } catch (error) {
    const found = textsOf(await store.transact(HERE, (tx) => tx.scan(notes, { limit: ROWS })));
    const said: Rewritten = { failure: String(error), promised, found };
    process.stdout.write(JSON.stringify(said), () => process.exit(0));
    break;
  }
}
