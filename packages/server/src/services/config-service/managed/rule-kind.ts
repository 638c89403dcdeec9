/** A rule that AWS keeps: what it wants to know, and what it finds. */
import type { ComplianceType, ResourceType } from "@aws-sdk/client-config-service";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Item } from "../item/row.ts";
import type { Reader } from "../resource/kind.ts";

export interface Verdict {
  readonly compliance: ComplianceType;
  readonly annotation?: string;
}

/** Of a resource that the rule looked up itself. */
export interface Finding extends Verdict {
  readonly type: string;
  readonly id: string;
}

/** Texts by their names. */
export type Parameters = Readonly<Record<string, string>>;

export interface Look {
  readonly reader: Reader;
  readonly parameters: Parameters;
  readonly nowMs: number;
}

interface Described {
  readonly identifier: string;
  /** Which may be given; those that have to be are in `required`. */
  readonly parameters?: readonly string[];
  readonly required?: readonly string[];
  /** What AWS would look at besides, and is refused here. */
  readonly unbuilt?: readonly string[];
}

/** Looks at resources as they are on record. */
export interface ChangeRule extends Described {
  readonly trigger: "change";
  readonly types: readonly ResourceType[] | "any";
  judge(item: ItemView, parameters: Parameters, nowMs: number): Verdict;
}

/** Looks by itself, from time to time. */
export interface PeriodicRule extends Described {
  readonly trigger: "periodic";
  look(look: Look): Promise<readonly Finding[]>;
}

export type ManagedRule = ChangeRule | PeriodicRule;

/** An item with a way into its JSON. */
export interface ItemView {
  readonly item: Item;
  /** `configuration("keyState")`; `undefined` where there is no such member. */
  configuration(...path: readonly string[]): unknown;
  supplementary(name: string, ...path: readonly string[]): unknown;
}

export function viewOf(item: Item): ItemView {
  const configuration: unknown = JSON.parse(item.configuration);
  return {
    item,
    configuration: (...path) => memberAt(configuration, path),
    supplementary(name, ...path) {
      const text = item.supplementary[name];
      return text === undefined ? undefined : memberAt(JSON.parse(text), path);
    },
  };
}

const memberAt = (value: unknown, path: readonly string[]): unknown => path.reduce<unknown>(memberOf, value);

export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** `annotation`: why not. */
export const verdict = (isGood: boolean, annotation: string): Verdict =>
  isGood ? { compliance: "COMPLIANT" } : { compliance: "NON_COMPLIANT", annotation };

export const NOT_APPLICABLE: Verdict = { compliance: "NOT_APPLICABLE" };

/** About the account as a whole. */
export const ofAccount = (found: Verdict, { reader }: Look): readonly Finding[] => [
  { ...found, type: "AWS::::Account", id: reader.account },
];

export const daysSince = (atMs: number, nowMs: number): number => (nowMs - atMs) / DAY_MS;

/** Whether a text is one of a list that is written with commas; any is where there is no list. */
export function isListed(text: string, list: string | undefined): boolean {
  return list === undefined || (text !== "" && namesIn(list).includes(text));
}

/** The names in a list that is written with commas. */
export const namesIn = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
