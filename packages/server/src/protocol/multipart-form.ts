/**
 * Forms as browsers upload files with them, read piece by piece: what comes is asked for, never pushed. That is why no
 * library does it: those that there are push fields and files as they arrive, and S3 judges the fields first.
 * Source: https://www.rfc-editor.org/rfc/rfc7578
 */
import { AwsError } from "../kernel/aws-error.ts";
import type { ByteStream } from "../kernel/bytes.ts";

export interface FormPart {
  readonly name: string;
  /** As the browser sends it; a field that is no file has none. */
  readonly fileName: string | undefined;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const malformed = (): AwsError =>
  new AwsError("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");

/**
 * The boundary that the type of a body names; `undefined`: it is no form of this kind.
 * Source: https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (seen on S3: a form without one)
 *
 * @throws {AwsError} `MalformedPOSTRequest` where a form names none.
 */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^multipart\/form-data\s*(?:;|$)/i.test(contentType)) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw malformed();
  return boundary;
}

const PART_HEAD_BYTES_MAX = 16_384;

export class FormReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  /** A delimiter begins with the end of a line; the first one has none before it. */
  #held: Buffer = Buffer.from("\r\n");
  #isBegun = false;
  #inPart = false;

  constructor(body: ByteStream, boundary: string) {
    this.#pieces = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  /**
   * The next part, once what the one before it held is read or passed over; `undefined`: there is no more.
   * @throws {AwsError} `MalformedPOSTRequest`
   */
  async next(): Promise<FormPart | undefined> {
    await this.#toDelimiter();
    const mark = await this.#take(2);
    if (mark === "--") return undefined;
    if (mark !== "\r\n") throw malformed();
    const part = partOf(await this.#head());
    this.#inPart = true;
    return part;
  }

  /** What the part holds, all of it. */
  async text(bytesMax: number): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.content()) {
      size += piece.byteLength;
      if (size > bytesMax) return undefined;
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  }

  /**
   * What the part holds, as it comes.
   * @throws {AwsError} `MalformedPOSTRequest` where the form ends before the part does.
   */
  async *content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = this.#held.indexOf(this.#delimiter);
      // so much of what is held cannot be the beginning of a delimiter
      const sure = end >= 0 ? end : this.#held.length - this.#delimiter.length + 1;
      if (sure > 0) {
        yield this.#held.subarray(0, sure);
        this.#held = this.#held.subarray(sure);
      }
      if (end >= 0) {
        this.#held = this.#held.subarray(this.#delimiter.length);
        this.#inPart = false;
        return;
      }
      await this.#more();
    }
  }

  /** Passes over all that is left. */
  async end(): Promise<void> {
    for (let next = await this.#pieces.next(); next.done !== true;) next = await this.#pieces.next();
  }

  async #toDelimiter(): Promise<void> {
    if (this.#isBegun && !this.#inPart) return;
    this.#isBegun = true;
    let before = 0;
    for await (const piece of this.content()) before += this.#inPart ? 0 : piece.byteLength;
    // what stands before the first part is for nobody, but browsers write nothing there
    if (before > 0) throw malformed();
  }

  async #head(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf("\r\n\r\n");
      if (end >= 0) {
        const head = this.#held.toString("utf8", 0, end);
        this.#held = this.#held.subarray(end + 4);
        return head;
      }
      if (this.#held.length > PART_HEAD_BYTES_MAX) throw malformed();
      await this.#more();
    }
  }

  async #take(count: number): Promise<string> {
    while (this.#held.length < count) await this.#more();
    const taken = this.#held.toString("latin1", 0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    const next = await this.#pieces.next();
    if (next.done === true) throw malformed();
    this.#held = Buffer.concat([this.#held, next.value]);
  }
}

/** @throws {AwsError} `MalformedPOSTRequest` where a part does not say what it is called. */
function partOf(head: string): FormPart {
  const disposition = head.split("\r\n").find((line) => /^content-disposition\s*:\s*form-data/i.test(line));
  const parameter = (name: string): string | undefined => {
    const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, "i").exec(disposition ?? "");
    return match === null ? undefined : (match[1] ?? match[2] ?? "").replaceAll(/\\(["\\])/g, "$1");
  };
  const name = parameter("name");
  if (name === undefined) throw malformed();
  return { name, fileName: parameter("filename") };
}
