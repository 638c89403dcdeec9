import { unmodelled } from "./kit.ts";

/** What a parameter asks for is not built. */
export const notBuilt = (what: string) => unmodelled("NotImplemented", `cloudwatch-logs: ${what} is not built yet`);
