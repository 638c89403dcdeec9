/** The rows of dashboards: they are the account's, whatever the region. */
import { table } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";

export interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly modifiedAtMs: number;
  readonly tags: Tags;
}

export const dashboards = table<Dashboard>("cloudwatch.dashboard", "account", ({ name }) => [name]);
