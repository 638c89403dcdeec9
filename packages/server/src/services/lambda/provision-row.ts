/** Concurrency that is kept ready for a version or an alias. */
import { table } from "../../kernel/table.ts";

export interface Provision {
  readonly name: string;
  readonly qualifier: string;
  readonly requested: number;
  readonly modifiedAtMs: number;
}

export const provisions = table<Provision>("lambda.provision", "region", ({ name, qualifier }) => [name, qualifier]);
