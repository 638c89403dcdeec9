/**
 * Encoded words, in which metadata that is not ASCII travels. How S3 writes them is how JavaMail does.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata (RFC 2047)
 */

const LETTERS: ReadonlyMap<string, BufferEncoding> = new Map([
  ["utf-8", "utf8"],
  ["us-ascii", "latin1"],
  ["iso-8859-1", "latin1"],
]);

/** Of what stands between two words nothing counts. Source: https://www.rfc-editor.org/rfc/rfc2047#section-6.2 */
export function decodeWords(value: string): string {
  if (!value.includes("=?")) return value;
  let [text, blanks, isAfterWord] = ["", "", false];
  for (const token of value.split(/([ \t\r\n]+)/)) {
    if (/^\s*$/.test(token)) {
      blanks += token;
      continue;
    }
    const word = findWord(token);
    text += (word !== undefined && isAfterWord ? "" : blanks) + (word ?? token);
    isAfterWord = word !== undefined;
    blanks = "";
  }
  return text + blanks;
}

/** What a word says, with what is behind it; `undefined` where it is none that is understood. */
function findWord(token: string): string | undefined {
  const [, letters = "", encoding, text = "", rest = ""] = /^=\?([^?]+)\?([bq])\?(.*?)\?=(.*)$/i.exec(token) ?? [];
  const charset = LETTERS.get(letters.toLowerCase());
  if (charset === undefined || encoding === undefined) return undefined;
  const bytes = encoding.toLowerCase() === "b" ? Buffer.from(text, "base64") : unquoted(text);
  return bytes.toString(charset) + rest;
}

const unquoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll("_", " ")
      .replace(/=([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

/** How much of a word its text may be: with what is around it that is 75 characters, the most that RFC 2047 allows. */
const WORD_TEXT_MAX = 63;

/**
 * Mostly ASCII, a value is quoted letter by letter, else it is base64; one that is too long for a word is halved until
 * it is not.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_user_metadata_rfc2047_encoded, recorded)
 * Source: https://github.com/aws-amplify/aws-sdk-ios/issues/241 (a long one, as S3 gave it back)
 */
export function encodeWords(value: string): string {
  const strange = [...value.matchAll(/[^\t\n\r\x20-\x7e]/g)].length;
  if (strange === 0) return value;
  const encode = value.length - strange > strange ? encodeQuoted : encodeBase64;
  return halvesOf(value, encode).join(" ");
}

function halvesOf(value: string, encode: (value: string) => EncodedText): string[] {
  const { text, encoding } = encode(value);
  if (text.length <= WORD_TEXT_MAX || value.length < 2) return [`=?UTF-8?${encoding}?${text}?=`];
  const half = Math.floor(value.length / 2);
  // a pair of surrogates is one letter
  const middle = /[\ud800-\udbff]/.test(value.charAt(half - 1)) ? half - 1 : half;
  if (middle === 0) return [`=?UTF-8?${encoding}?${text}?=`];
  return [...halvesOf(value.slice(0, middle), encode), ...halvesOf(value.slice(middle), encode)];
}

interface EncodedText {
  readonly encoding: "B" | "Q";
  readonly text: string;
}

const encodeBase64 = (value: string): EncodedText => ({
  encoding: "B",
  text: Buffer.from(value, "utf8").toString("base64"),
});

const encodeQuoted = (value: string): EncodedText => ({
  encoding: "Q",
  text: [...Buffer.from(value, "utf8")].map(quotedByte).join(""),
});

function quotedByte(byte: number): string {
  if (byte === 0x20) return "_";
  const letter = String.fromCharCode(byte);
  return /[\x21-\x7e]/.test(letter) && !/[=_?]/.test(letter)
    ? letter
    : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
