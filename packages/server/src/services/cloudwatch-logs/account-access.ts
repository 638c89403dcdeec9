import type { Access } from "../../service/access.ts";

/** A question that names no resource. */
export const onAccount = (action: string): Access => ({ action: `logs:${action}`, resource: "*" });
