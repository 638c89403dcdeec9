/**
 * The groups that a query names itself: `SOURCE logGroups(namePrefix: ["a", "b"], class: ["STANDARD"])`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Source.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { malformedQuery } from "../errors.ts";
import { groups, type LogGroup } from "../group-row.ts";
import { SOURCE_ACCOUNTS_MAX, SOURCE_GROUPS_MAX, SOURCE_PREFIXES_MAX } from "../limits.ts";
import { notBuilt } from "../unbuilt.ts";
import type { GroupChoice } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

const USUAL_CLASSES = ["STANDARD"] as const;

/** How many each list may have. */
const LISTS: Readonly<Record<string, number>> = {
  nameprefix: SOURCE_PREFIXES_MAX,
  class: 2,
  accountidentifiers: SOURCE_ACCOUNTS_MAX,
};

/** What stands behind the word `SOURCE`. @throws {AwsError} `MalformedQueryException` */
export function readSource(reader: TokenReader): GroupChoice {
  if (!reader.takeText("loggroups")) throw notBuilt("SOURCE of other than logGroups");
  reader.expectText("(");
  const given = new Map<string, readonly string[]>();
  while (reader.next.text !== ")") {
    const [name, texts] = readList(reader);
    given.set(name, texts);
    if (!reader.takeText(",")) break;
  }
  reader.expectText(")");
  return {
    prefixes: given.get("nameprefix") ?? [],
    classes: given.get("class") ?? USUAL_CLASSES,
    accounts: given.get("accountidentifiers") ?? [],
  };
}

function readList(reader: TokenReader): readonly [name: string, texts: readonly string[]] {
  const { text, at, end } = reader.expect("word");
  const name = text.toLowerCase();
  const most = findOwn(LISTS, name);
  if (most === undefined) throw malformedQuery(`unexpected symbol found ${text}`, at, end);
  reader.expectText(":");
  reader.expectText("[");
  const texts: string[] = [];
  do texts.push(reader.expect("text").text);
  while (reader.takeText(","));
  reader.expectText("]");
  if (texts.length > most) throw malformedQuery(`${text} has more than ${most} values`, at, end);
  return [name, texts];
}

/** Accounts are not linked: none but the caller's groups are there. @throws {AwsError} */
export async function chosenGroups(
  { prefixes, classes, accounts }: GroupChoice,
  { account, tx }: Pick<Context, "account" | "tx">,
): Promise<readonly LogGroup[]> {
  if (accounts.length > 0 && !accounts.includes(account)) return [];
  const found = new Map<string, LogGroup>();
  for (const prefix of prefixes.length === 0 ? [""] : prefixes) {
    for (const group of await tx.scan(groups, { startsWith: prefix, limit: SOURCE_GROUPS_MAX + 1 })) {
      if (classes.includes(group.class)) found.set(group.name, group);
    }
  }
  if (found.size > SOURCE_GROUPS_MAX)
    throw malformedQuery(`SOURCE finds more than ${SOURCE_GROUPS_MAX} log groups`, 0, 0);
  return [...found.values()];
}
