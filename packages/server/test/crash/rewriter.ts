/**
 * The process that writes rows, some of them anew, and tells of each turn, until it is killed or refused. Then it says
 * what was promised, and what it still finds. `rewriter.ts DIRECTORY FIRST`.
 */
import { openEmbedded } from "../../src/store/drivers/open.ts";
import { HERE, notes } from "../store/notes.ts";
import { ROWS, rowsOf, textsOf, type Rewritten } from "./rewritten.ts";

const [, , directory = "", first = ""] = process.argv;
const { store } = await openEmbedded({ directory });
const findAll = async () => textsOf(await store.transact(HERE, (tx) => tx.scan(notes, { limit: 2 * ROWS })));
const promised = await findAll();

async function write(turn: number): Promise<void> {
  const rows = rowsOf(turn);
  await store.transact(HERE, async (tx) => {
    for (const row of rows) tx.put(notes, row);
  });
  Object.assign(promised, textsOf(rows));
  process.stdout.write(`turn ${turn}\n`);
}

for (let turn = Number(first); ; turn++) {
  try {
    await write(turn);
  } catch (error) {
    const said: Rewritten = { failure: String(error), promised, found: await findAll() };
    process.stdout.write(JSON.stringify(said), () => process.exit(0));
    break;
  }
}
