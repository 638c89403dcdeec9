/**
 * Which secrets a list is asked for. Words are compared from their beginnings.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import { filterKeyMissing, filterValuesMissing } from "./errors.ts";
import type { Secret } from "./secret-row.ts";

interface Filter {
  readonly Key?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

type Matches = (secret: Secret) => boolean;

/** How a filter compares what a secret has with a value. */
interface Rule {
  readonly textsOf: (secret: Secret) => readonly string[];
  readonly compare: (text: string, value: string) => boolean;
}

const beginsWith = (text: string, value: string): boolean => text.startsWith(value);
const beginsAnyhow = (text: string, value: string): boolean => text.toLowerCase().startsWith(value.toLowerCase());

/**
 * `MyDatabase/prod-2` has four: a capital letter begins one, and so does what follows a sign; of several capital letters
 * the last begins one, where a small one follows.
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_secretsmanager/test_list_secrets.py (verified: `COMPANYthings`)
 */
function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\da-z]+/)
    .filter((word) => word !== "");
}

/** Each word of the value begins a word of the text. */
function hasWords(text: string, value: string): boolean {
  const words = wordsOf(text);
  const wanted = wordsOf(value);
  return wanted.length > 0 && wanted.every((one) => words.some((word) => word.startsWith(one)));
}

const tagKeys = ({ tags = {} }: Secret): readonly string[] => Object.keys(tags);
const tagValues = ({ tags = {} }: Secret): readonly string[] => Object.values(tags);
const primaryOf = ({ primary, replicas, region }: Secret): readonly string[] =>
  primary === undefined && replicas === undefined ? [] : [primary?.region ?? region];

const RULES: Readonly<Record<string, Rule>> = {
  name: { textsOf: ({ name }) => [name], compare: beginsWith },
  description: { textsOf: ({ description = "" }) => [description], compare: hasWords },
  "tag-key": { textsOf: tagKeys, compare: beginsWith },
  "tag-value": { textsOf: tagValues, compare: beginsWith },
  "primary-region": { textsOf: primaryOf, compare: beginsWith },
  "owning-service": { textsOf: ({ owningService = "" }) => [owningService], compare: beginsAnyhow },
  all: {
    textsOf: (secret) => [
      secret.name,
      secret.description ?? "",
      ...tagKeys(secret),
      ...tagValues(secret),
      ...primaryOf(secret),
    ],
    compare: hasWords,
  },
};

/** All filters have to match, and of each one of the values. @throws {AwsError} `InvalidParameterException` */
export function requireFilters(filters: readonly Filter[]): Matches {
  const all = filters.map(matcherOf);
  return (secret) => all.every((matches) => matches(secret));
}

function matcherOf({ Key: key, Values: values }: Filter): Matches {
  const rule = key === undefined ? undefined : findOwn(RULES, key);
  if (key === undefined || rule === undefined) throw filterKeyMissing();
  if (values === undefined) throw filterValuesMissing(key);
  const has = (secret: Secret, value: string) => rule.textsOf(secret).some((text) => rule.compare(text, value));
  return (secret) =>
    values.some((value) => (value.startsWith("!") ? !has(secret, value.slice(1)) : has(secret, value)));
}
