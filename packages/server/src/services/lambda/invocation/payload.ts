/**
 * What functions are sent has to be JSON; what is none is refused in the words of AWS's parser.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_invoke_payload_encoding_error)
 */
import { JsonTokens } from "../../../kernel/event-pattern/json-tokens.ts";
import { PatternError } from "../../../kernel/event-pattern/pattern-error.ts";
import { payloadNoJson } from "../errors.ts";

/** The text of `payload`. @throws {AwsError} `InvalidRequestContentException` */
export function requireJson(payload: Uint8Array): string {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const text = bytes.toString("utf8");
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw payloadNoJson(faultIn(bytes));
  }
}

/** `null`, `true` and `false` are read on, which is when a letter that is none is met. */
const WORD_BEGINNINGS: ReadonlySet<number> = new Set(["n", "t", "f"].map((letter) => letter.charCodeAt(0)));
const NOT_SHOWN = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

/** Differs: of a word that is none, and is not the last thing there is, AWS tells the column behind it. */
function faultIn(bytes: Buffer): string {
  const start = bytes.findIndex((byte) => !isSpace(byte));
  const [first, second] = [bytes[start], bytes[start + 1]];
  if (first !== undefined && second !== undefined && WORD_BEGINNINGS.has(first) && beginsNoCharacter(second))
    return `Invalid UTF-8 start byte 0x${second.toString(16)}${at(start + 2)}`;
  if (first === undefined || beginsNoCharacter(first) || first < 0x20) return `Unexpected ${shown(first)}${at(0)}`;
  return faultOf(bytes.toString("utf8"));
}

/** Where reading comes to a stop. */
function faultOf(text: string): string {
  const tokens = new JsonTokens(text, NOT_SHOWN);
  try {
    while (tokens.next() !== "end");
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
  return `Unexpected end-of-input${at(text.length)}`;
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Source: https://www.rfc-editor.org/rfc/rfc3629#section-4 */
const beginsNoCharacter = (byte: number): boolean => (byte >= 0x80 && byte < 0xc2) || byte > 0xf4;

const at = (index: number): string => `\n at [Source: ${NOT_SHOWN}; line: 1, column: ${index + 1}]`;

function shown(byte: number | undefined): string {
  const what = byte === undefined ? "end-of-input" : `character ((CTRL-CHAR, code ${byte}))`;
  return `${what}: expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
}
