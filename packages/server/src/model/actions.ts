/**
 * What the service authorization reference says of each service: its actions, their access levels,
 * resources and condition keys. One file per service prefix, read when first asked for.
 */
import { readModelFile } from "./files.ts";

/** `Write`, `Read`, `List`; tagging and permissions management are said beside `Write`. */
export type AccessLevel = "List" | "Read" | "Write" | "Tagging, Write" | "Permissions management, Write";

export const ACCESS_LEVELS: readonly AccessLevel[] = [
  "List",
  "Read",
  "Write",
  "Tagging, Write",
  "Permissions management, Write",
];

export interface ActionResource {
  /** A key of the service's `resources`. */
  readonly type: string;
  readonly required: boolean;
  /** Condition keys that count for this resource alone. */
  readonly conditionKeys: readonly string[];
}

export interface Action {
  /** `GetObject` */
  readonly name: string;
  readonly level: AccessLevel;
  /** None: the action knows no resource but `*`. */
  readonly resources: readonly ActionResource[];
  readonly conditionKeys: readonly string[];
  /** What else the caller needs, with prefix: `iam:PassRole`. */
  readonly dependentActions: readonly string[];
}

export interface ResourceType {
  readonly name: string;
  /** `arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}` */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

export interface ServiceActions {
  /** What its actions begin with: `execute-api`. */
  readonly prefix: string;
  /** `AWS Security Token Service` */
  readonly name: string;
  readonly actions: ReadonlyMap<string, Action>;
  readonly resources: ReadonlyMap<string, ResourceType>;
  /** Each key with its type: `String`, `ARN`, `ArrayOfString`, `Bool`, `Date`, `Numeric` … */
  readonly conditionKeys: ReadonlyMap<string, string>;
  /** The action of this name, in any case. */
  find(action: string): Action | undefined;
}

/** A file of `models/iam`; lists of condition keys are places among `conditionKeys`. */
export interface CompactActions {
  readonly prefix: string;
  readonly name: string;
  readonly conditionKeys: readonly (readonly [key: string, type: string])[];
  readonly resources: readonly (readonly [name: string, arn: string, conditionKeys: readonly number[]])[];
  readonly actions: readonly CompactAction[];
}

export type CompactAction = readonly [
  name: string,
  level: number,
  resources: readonly (readonly [resource: number, required: 0 | 1, conditionKeys?: readonly number[]])[],
  conditionKeys: readonly number[],
  dependentActions?: readonly string[],
];

/** `models/iam/index.json`: every prefix with the service's name. */
export type ActionIndex = Readonly<Record<string, string>>;

let index: ActionIndex | undefined;
const loaded = new Map<string, ServiceActions>();

/** The names of all services that have actions, by prefix: `{"sts": "AWS Security Token Service"}`. */
export function actionIndex(): ActionIndex {
  if (index !== undefined) return index;
  const read: ActionIndex = JSON.parse(readModelFile("iam/index.json"));
  index = read;
  return read;
}

/** The actions that begin with `prefix:`, or `undefined` where AWS has none. */
export function loadActions(prefix: string): ServiceActions | undefined {
  const known = loaded.get(prefix);
  if (known !== undefined || !Object.hasOwn(actionIndex(), prefix)) return known;
  const compact: CompactActions = JSON.parse(readModelFile(`iam/${prefix}.json`));
  const actions = expand(compact);
  loaded.set(prefix, actions);
  return actions;
}

function expand(compact: CompactActions): ServiceActions {
  const keys = (places: readonly number[] = []): string[] =>
    places.map((place) => compact.conditionKeys[place]?.[0] ?? "");
  const resources = compact.resources.map(([name, arn, places]) => ({ name, arn, conditionKeys: keys(places) }));
  const actions = compact.actions.map(([name, level, needed, places, dependentActions = []]): Action => ({
    name,
    level: ACCESS_LEVELS[level] ?? "Write",
    resources: needed.map(([resource, required, own]) => ({
      type: resources[resource]?.name ?? "",
      required: required === 1,
      conditionKeys: keys(own),
    })),
    conditionKeys: keys(places),
    dependentActions,
  }));
  const inAnyCase = new Map(actions.map((action) => [action.name.toLowerCase(), action]));
  return {
    prefix: compact.prefix,
    name: compact.name,
    actions: new Map(actions.map((action) => [action.name, action])),
    resources: new Map(resources.map((resource) => [resource.name, resource])),
    conditionKeys: new Map(compact.conditionKeys),
    find: (action) => inAnyCase.get(action.toLowerCase()),
  };
}
