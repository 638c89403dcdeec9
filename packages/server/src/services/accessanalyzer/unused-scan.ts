import type { Context } from "../../service/context.ts";
import type { UnusedAnalyzer } from "./analyzer-row.ts";
import type { Zone } from "./zone.ts";

export async function scanUnused(_analyzer: UnusedAnalyzer, _zone: Zone, _context: Context): Promise<void> {}
