/** What requests name by a whole ARN, which may be one of another account or region. */
import { formatArn, parseAccountId, parseArn } from "../kernel/arn.ts";
import type { Scope } from "../kernel/table.ts";
import type { Access } from "./access.ts";

/** Whether the ARN names something of this account and region. */
export function isHere(arn: string, { account, region }: Scope): boolean {
  const parts = parseArn(arn);
  return parts?.account === account && parts.region === region;
}

/** The question about what is elsewhere: its owner has to let the caller in as well. `action`: `scheduler:TagResource` */
export function onElsewhere(action: string, arn: string): Access {
  const parts = parseArn(arn);
  const owner = parseAccountId(parts?.account ?? "");
  return { action, resource: parts === undefined ? "*" : formatArn(parts), owner };
}
