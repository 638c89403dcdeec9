/**
 * A transformer, made of its processors.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Create.html
 */
import type { Processor } from "@aws-sdk/client-cloudwatch-logs";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Validated } from "../../../service/sdk.ts";
import { transformerInvalid } from "../errors.ts";
import { PARSERS_MAX, TRANSFORMED_CHARACTERS_MAX } from "../limits.ts";
import { loadRegexes, type CompileRegex } from "../regex.ts";
import { notBuilt } from "../unbuilt.ts";
import { dateTimeConverter } from "./date-time.ts";
import {
  addKeys,
  copyValue,
  deleteKeys,
  listToMap,
  lowerCaseString,
  moveKeys,
  renameKeys,
  splitString,
  substituteString,
  trimString,
  typeConverter,
  upperCaseString,
} from "./mutator.ts";
import { csv, grok, parseJson, parseKeyValue, type Draft, type Metadata, type Step } from "./parser.ts";

export type Config = readonly Validated<Processor>[];

/** What becomes of a message: JSON; `undefined` where it cannot be transformed. */
export type Transform = (message: string, metadata: Metadata) => string | undefined;

/** `undefined`: it is not the processor that is asked for. */
type Maker = (processor: Config[number], compile: CompileRegex) => Step | undefined;

const PARSERS: Readonly<Record<string, Maker>> = {
  parseJSON: ({ parseJSON: given }) => given && parseJson(given),
  grok: ({ grok: given }, compile) => given && grok(given, compile),
  csv: ({ csv: given }) => given && csv(given),
  parseKeyValue: ({ parseKeyValue: given }) => given && parseKeyValue(given),
};

const MUTATORS: Readonly<Record<string, Maker>> = {
  addKeys: ({ addKeys: given }) => given && addKeys(given),
  copyValue: ({ copyValue: given }) => given && copyValue(given),
  dateTimeConverter: ({ dateTimeConverter: given }, compile) => given && dateTimeConverter(given, compile),
  deleteKeys: ({ deleteKeys: given }) => given && deleteKeys(given),
  listToMap: ({ listToMap: given }) => given && listToMap(given),
  lowerCaseString: ({ lowerCaseString: given }) => given && lowerCaseString(given),
  moveKeys: ({ moveKeys: given }) => given && moveKeys(given),
  renameKeys: ({ renameKeys: given }) => given && renameKeys(given),
  splitString: ({ splitString: given }) => given && splitString(given),
  substituteString: ({ substituteString: given }, compile) => given && substituteString(given, compile),
  trimString: ({ trimString: given }) => given && trimString(given),
  typeConverter: ({ typeConverter: given }) => given && typeConverter(given),
  upperCaseString: ({ upperCaseString: given }) => given && upperCaseString(given),
};

const isParser = (name: string): boolean => name.startsWith("parse") || Object.hasOwn(PARSERS, name);

/** @throws {AwsError} `InvalidParameterException` */
export async function compileTransformer(config: Config): Promise<Transform> {
  const names = config.map(nameOf);
  const parsers = names.filter(isParser);
  if (names[0] === undefined || !isParser(names[0])) throw transformerInvalid("the first processor must be a parser");
  if (parsers.length > PARSERS_MAX) throw transformerInvalid(`there can be no more than ${PARSERS_MAX} parsers`);
  const compile = await loadRegexes();
  const steps = config.map((processor) => stepOf(processor, compile));
  return (message, metadata) => {
    const draft: Draft = { message, metadata, fields: {}, room: TRANSFORMED_CHARACTERS_MAX };
    return steps.every((step) => step(draft)) ? JSON.stringify(draft.fields) : undefined;
  };
}

/** @throws {AwsError} `InvalidParameterException` unless there is exactly one */
function nameOf(processor: Config[number]): string {
  const [name, ...others] = Object.entries(processor).flatMap(([each, given]) => (given === undefined ? [] : [each]));
  if (name === undefined || others.length > 0) throw transformerInvalid("each entry must have exactly one processor");
  return name;
}

function stepOf(processor: Config[number], compile: CompileRegex): Step {
  const name = nameOf(processor);
  const maker = findOwn(PARSERS, name) ?? findOwn(MUTATORS, name);
  const step = maker?.(processor, compile);
  if (step === undefined) throw notBuilt(`the processor ${name}`);
  return step;
}
