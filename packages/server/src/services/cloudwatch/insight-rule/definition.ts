/**
 * What a Contributor Insights rule looks for in the events of log groups.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
 */
import { parsePath } from "../../../kernel/json-path.ts";
import { definitionInvalid } from "../errors.ts";
import { INSIGHT_FILTER_VALUES_MAX, INSIGHT_FILTERS_MAX, INSIGHT_GROUPS_MAX, INSIGHT_KEYS_MAX } from "../limits.ts";
import { isRecord } from "./record.ts";

export interface Definition {
  readonly schema: string;
  /** Names, which may end with a star. */
  readonly groups: readonly string[];
  readonly format: "JSON" | "CLF";
  /** Places of the fields of a CLF line, from 1 on, by the names they are given. */
  readonly places: ReadonlyMap<string, number>;
  readonly keys: readonly string[];
  /** What is summed up; events are counted where there is none. */
  readonly summed?: string;
  readonly filters: readonly Filter[];
}

export interface Filter {
  /** The field. */
  readonly match: string;
  readonly operator: Operator;
  readonly operand: Operand;
}

export type Operand = readonly string[] | number | boolean;

const OPERANDS = {
  In: "texts",
  NotIn: "texts",
  StartsWith: "texts",
  GreaterThan: "number",
  LessThan: "number",
  EqualTo: "number",
  NotEqualTo: "number",
  IsPresent: "boolean",
} as const;

export type Operator = keyof typeof OPERANDS;

const isOperator = (name: string): name is Operator => Object.hasOwn(OPERANDS, name);

type Json = Readonly<Record<string, unknown>>;

const KNOWN = ["Schema", "LogGroupNames", "LogGroupARNs", "LogFormat", "Fields", "Contribution", "AggregateOn"];

/** @throws {AwsError} `InvalidParameterValue` */
export function parseDefinition(text: string): Definition {
  const given = parsed(text);
  for (const name of Object.keys(given)) if (!KNOWN.includes(name)) throw definitionInvalid(`unknown field ${name}`);
  const { LogFormat: format, AggregateOn: aggregate = "Count", Contribution: contribution } = given;
  if (format !== "JSON" && format !== "CLF") throw definitionInvalid("LogFormat must be JSON or CLF");
  if (aggregate !== "Count" && aggregate !== "Sum") throw definitionInvalid("AggregateOn must be Count or Sum");
  if (!isRecord(contribution)) throw definitionInvalid("Contribution is required");
  const summed = summedIn(contribution, aggregate);
  const definition: Definition = {
    schema: schemaOf(given["Schema"]),
    groups: groupsOf(given),
    format,
    places: placesOf(given["Fields"], format),
    keys: textsOf(contribution["Keys"], "Keys", INSIGHT_KEYS_MAX),
    ...(summed !== undefined && { summed }),
    filters: filtersOf(contribution["Filters"]),
  };
  requireFields(definition);
  return definition;
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    throw definitionInvalid("it is not JSON");
  }
  throw definitionInvalid("it is not an object");
}

function schemaOf(schema: unknown): string {
  if (!isRecord(schema) || schema["Name"] !== "CloudWatchLogRule" || schema["Version"] !== 1) {
    throw definitionInvalid('Schema must be {"Name": "CloudWatchLogRule", "Version": 1}');
  }
  return "CloudWatchLogRule/1";
}

/** Differs: accounts are not linked, so of ARNs only those of the account's own groups find any. */
function groupsOf({ LogGroupNames: names, LogGroupARNs: arns }: Json): readonly string[] {
  if ((names === undefined) === (arns === undefined)) {
    throw definitionInvalid("either LogGroupNames or LogGroupARNs is required");
  }
  return names === undefined
    ? textsOf(arns, "LogGroupARNs", INSIGHT_GROUPS_MAX)
    : textsOf(names, "LogGroupNames", INSIGHT_GROUPS_MAX);
}

function placesOf(fields: unknown, format: Definition["format"]): ReadonlyMap<string, number> {
  if (fields === undefined) return new Map();
  if (format !== "CLF" || !isRecord(fields)) throw definitionInvalid("Fields is an object, for the format CLF");
  return new Map(
    Object.entries(fields).map(([place, name]) => {
      const number = Number(place);
      if (!Number.isInteger(number) || number < 1 || typeof name !== "string") {
        throw definitionInvalid("Fields gives names to places");
      }
      return [name, number];
    }),
  );
}

function textsOf(value: unknown, name: string, max: number): readonly string[] {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= max;
  if (!isList || !value.every((each): each is string => typeof each === "string" && each !== "")) {
    throw definitionInvalid(`${name} is a list of 1 to ${max} strings`);
  }
  return value;
}

function summedIn({ ValueOf: field }: Json, aggregate: "Count" | "Sum"): string | undefined {
  if (aggregate === "Sum" && typeof field !== "string") throw definitionInvalid("Sum takes a ValueOf");
  if (aggregate === "Count" && field !== undefined) throw definitionInvalid("ValueOf is for Sum alone");
  return typeof field === "string" ? field : undefined;
}

function filtersOf(filters: unknown): readonly Filter[] {
  if (filters === undefined) return [];
  if (!Array.isArray(filters) || filters.length > INSIGHT_FILTERS_MAX) {
    throw definitionInvalid(`there are no more than ${INSIGHT_FILTERS_MAX} Filters`);
  }
  return filters.map(filterOf);
}

function filterOf(filter: unknown): Filter {
  if (!isRecord(filter)) throw definitionInvalid("a filter is an object");
  const { Match: match, ...rest } = filter;
  const [[operator, operand] = ["", undefined], ...others] = Object.entries(rest);
  if (typeof match !== "string" || others.length > 0 || !isOperator(operator)) {
    throw definitionInvalid("a filter has a Match and one operator");
  }
  return { match, operator, operand: operandOf(operator, operand) };
}

function operandOf(operator: Operator, operand: unknown): Operand {
  const type = OPERANDS[operator];
  if (type === "texts") return textsOf(operand, operator, INSIGHT_FILTER_VALUES_MAX);
  if (typeof operand === type && (typeof operand === "number" || typeof operand === "boolean")) return operand;
  throw definitionInvalid(`${operator} takes a ${type}`);
}

/** Fields of JSON are paths, those of a line are places or their names. */
function requireFields({ format, places, keys, summed, filters }: Definition): void {
  for (const field of [...keys, ...(summed === undefined ? [] : [summed]), ...filters.map(({ match }) => match)]) {
    const isKnown = format === "JSON" ? parsePath(field) !== undefined : places.has(field) || /^[1-9]\d*$/.test(field);
    if (!isKnown) throw definitionInvalid(`${field} is no field of the format ${format}`);
  }
}
