/** Tables and scopes for tests of the store. */
import { parseAccountId, type AccountId, type Region } from "../../src/kernel/arn.ts";
import { assert } from "../../src/kernel/assert.ts";
import { table, type Scope } from "../../src/kernel/table.ts";

export interface Note {
  readonly folder: string;
  readonly name: string | number;
  readonly text?: unknown;
}

export const notes = table<Note>("test.note", "region", ({ folder, name }) => [folder, name]);
export const accountNotes = table<Note>("test.account-note", "account", ({ folder, name }) => [folder, name]);
export const globalNotes = table<Note>("test.global-note", "global", ({ folder, name }) => [folder, name]);

export interface Count {
  readonly name: string;
  readonly value: number;
}

export const counts = table<Count>("test.count", "region", ({ name }) => [name]);

export const HERE: Scope = { account: account("111111111111"), region: region("eu-central-1") };
export const ELSEWHERE: Scope = { account: account("222222222222"), region: region("us-east-1") };

function account(id: string): AccountId {
  const parsed = parseAccountId(id);
  assert(parsed, "an account id of twelve digits");
  return parsed;
}

function region(name: string): Region {
  return name as Region;
}
