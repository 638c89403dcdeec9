/**
 * What a target gets of an event: all of it, a part, or a text that is made from it.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { Arn } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { inputNoJson, oneInputOnly, pathInvalid, pathReserved, placeholderInvalid, tooManyPaths } from "../errors.ts";
import { exactEvent, type SentEvent } from "../event/event.ts";
import { parsePath, valueAt } from "../../../kernel/json-path.ts";
import { isJson } from "../../../kernel/json-text.ts";
import { INPUT_PATHS_MAX } from "../limits.ts";
import type { GivenTarget } from "./row.ts";

const PLACEHOLDER = /<([^<>\s]+)>/g;
const RESERVED = new Set([
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event",
  "aws.events.event.json",
  "aws.events.event.ingestion-time",
]);

/** @throws {AwsError} `ValidationException` */
export function requireInput({ Id: id, Input, InputPath = "", InputTransformer }: GivenTarget): void {
  const given = [Input, InputPath === "" ? undefined : InputPath, InputTransformer];
  if (given.filter((one) => one !== undefined).length > 1) throw oneInputOnly(id);
  if (Input !== undefined && !isJson(Input)) throw inputNoJson(id);
  if (InputPath !== "" && parsePath(InputPath) === undefined) throw pathInvalid(id);
  if (InputTransformer !== undefined) requireTransformer(id, InputTransformer);
}

function requireTransformer(
  id: string,
  { InputPathsMap: paths = {}, InputTemplate: template }: NonNullable<GivenTarget["InputTransformer"]>,
): void {
  if (Object.keys(paths).length > INPUT_PATHS_MAX) throw tooManyPaths(id);
  for (const [name, path] of Object.entries(paths)) {
    if (name.toLowerCase().startsWith("aws")) throw pathReserved(id, name);
    if (parsePath(path) === undefined) throw pathInvalid(id);
  }
  for (const [, name = ""] of template.matchAll(PLACEHOLDER)) {
    if (!Object.hasOwn(paths, name) && !RESERVED.has(name)) throw placeholderInvalid(id, name);
  }
}

export interface InputFacts {
  readonly rule: { readonly name: string; readonly arn: Arn };
  /** When the event came. */
  readonly atMs: number;
}

/**
 * `undefined`: the template comes to what is no JSON, so that nothing is sent.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_inputs.py (recorded: test_input_transformer_nested_keys_replacement_not_valid)
 */
export function inputOf(sent: SentEvent, target: GivenTarget, facts: InputFacts): string | undefined {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined && target.InputPath !== "") {
    if (target.InputPath === "$") return sent.text;
    return JSON.stringify(valueAt(exactEvent(sent), parsePath(target.InputPath) ?? []) ?? null);
  }
  if (target.InputTransformer === undefined) return sent.text;
  const { InputPathsMap: paths = {}, InputTemplate: template } = target.InputTransformer;
  const isDocument = /^\s*[{[]/.test(template);
  const event = exactEvent(sent);
  const text = filled(template, isDocument ? asText : unquoted, (name) => {
    const path = findOwn(paths, name);
    return path === undefined ? reserved(name, sent, facts) : jsonOf(valueAt(event, parsePath(path) ?? []));
  });
  return isDocument && !isJson(text) ? undefined : text;
}

/** What is not there is the empty text. */
const jsonOf = (value: unknown): string => JSON.stringify(value ?? "");

function reserved(name: string, { event, text }: SentEvent, { rule, atMs }: InputFacts): string {
  switch (name) {
    case "aws.events.rule-arn":
      return JSON.stringify(rule.arn);
    case "aws.events.rule-name":
      return JSON.stringify(rule.name);
    case "aws.events.event.ingestion-time":
      return JSON.stringify(new Date(atMs).toISOString());
    case "aws.events.event.json":
      return text;
    default: {
      const { detail: _left, "detail-type": detailType, ...rest } = event;
      return JSON.stringify({ ...rest, detailType });
    }
  }
}

/** Inside of quotes a value stands as `quoted` has it. */
function filled(template: string, quoted: (json: string) => string, valueOf: (name: string) => string): string {
  let filledIn = "";
  let at = 0;
  let isQuoted = false;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(at, match.index);
    isQuoted = isQuotedAfter(before, isQuoted);
    const value = valueOf(match[1] ?? "");
    filledIn += before + (isQuoted ? quoted(value) : value);
    at = match.index + match[0].length;
  }
  return filledIn + template.slice(at);
}

const isQuotedAfter = (text: string, wasQuoted: boolean): boolean =>
  (text.replaceAll(/\\./gs, "").split('"').length % 2 === 0) !== wasQuoted;

/** Without the quotes around it. */
const asText = (json: string): string => (json.startsWith('"') ? json.slice(1, -1) : json);

/** A text keeps its escapes; of all else the quotes are left out. */
const unquoted = (json: string): string => (json.startsWith('"') ? asText(json) : json.replaceAll('"', ""));
