/**
 * What functions are sent has to be JSON; what is none is refused in the words of AWS's parser.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_invoke_payload_encoding_error)
 */
import { payloadNoJson } from "./errors.ts";

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

/** Differs: it points at the beginning, or at what follows the first letter of a word. */
function faultIn(bytes: Buffer): string {
  const start = bytes.findIndex((byte) => !isSpace(byte));
  const [first, second] = [bytes[start], bytes[start + 1]];
  if (first !== undefined && second !== undefined && WORD_BEGINNINGS.has(first) && beginsNoCharacter(second))
    return `Invalid UTF-8 start byte 0x${second.toString(16)}${at(start + 2)}`;
  return `Unexpected ${shown(bytes, start)}: expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')${at(0)}`;
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** Source: https://www.rfc-editor.org/rfc/rfc3629#section-4 */
const beginsNoCharacter = (byte: number): boolean => (byte >= 0x80 && byte < 0xc2) || byte > 0xf4;

const at = (index: number): string =>
  `\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${index + 1}]`;

function shown(bytes: Buffer, start: number): string {
  const byte = bytes[start];
  if (byte === undefined) return "end-of-input";
  if (byte < 0x20 || (byte >= 0x7f && byte < 0xa0)) return `character ((CTRL-CHAR, code ${byte}))`;
  const character = bytes
    .subarray(start, start + 4)
    .toString("utf8")
    .slice(0, 1);
  return `character ('${character}' (code ${character.codePointAt(0)}))`;
}
