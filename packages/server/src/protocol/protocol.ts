/** What the gateway knows of a wire protocol. One file beside this implements each. */
import type { ByteStream } from "../kernel/bytes.ts";
import type { OperationModel, ProtocolName, ServiceModel } from "../model/service-model.ts";

export interface RequestHead {
  readonly method: string;
  /** Raw: undecoded, without query. */
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface WireRequest extends RequestHead {
  /** The whole body; empty for streaming operations. */
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Each a `set-cookie` header of its own. */
  readonly cookies?: readonly string[];
  readonly body: Uint8Array | string | ByteStream | undefined;
}

/** The values of a path's labels, decoded, by member name. */
export type Labels = Readonly<Record<string, string>>;

/** An error on its way out. `status` counts where the model does not know the code. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Further members of the error's shape, by member name. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly status?: number;
  /** The client, which once spoke Query, wants errors as Query has them. */
  readonly asQuery?: boolean;
}

/** A file that a browser uploads with a form, and the operation that this means. */
export interface FormProtocol {
  /** Whether the request, whose path has no bucket any more, is a form. */
  isForm(head: RequestHead, place: { readonly bucket: string | undefined; readonly path: string }): boolean;
  /** @throws {AwsError} */
  read(head: RequestHead, body: ByteStream): Promise<FormUpload>;
  /** The head of the call that the form means, and the path that it has without the bucket. */
  meant(form: FormUpload, head: RequestHead): RequestHead;
  answer(form: FormUpload, uploaded: Uploaded, response: WireResponse): WireResponse;
}

/** What a form has beside its file, which is yet to be read. */
export interface FormUpload {
  /** By lowercase name, with the file's name put in. */
  readonly fields: ReadonlyMap<string, string>;
  readonly key: string;
  readonly file: ByteStream;
}

/** Where the object of a form is. */
export interface Uploaded {
  readonly location: string;
  readonly bucket: string;
}

export interface Protocol {
  readonly name: ProtocolName;
  /** How a request is called that was given `uuid`, where that is not its name already. */
  readonly requestIdOf?: ((uuid: string) => string) | undefined;
  /** The headers that name a request, where an answer has nothing else to say. */
  readonly requestHeaders?: ((requestId: string) => Record<string, string>) | undefined;
  /** How files come that browsers upload with a form, where they do. */
  readonly forms?: FormProtocol | undefined;
  /** Whether the operation is to be found at that path; at any where left out. */
  readonly isAt?: ((operation: OperationModel, path: string) => boolean) | undefined;
  /**
   * The request's input, by member name; the streaming member is left out.
   * @throws {AwsError} where the body is not what the protocol and the model say.
   */
  decodeInput(operation: OperationModel, request: WireRequest, labels: Labels): Record<string, unknown>;
  encodeOutput(operation: OperationModel, output: object, requestId: string): WireResponse;
  /** `model` is absent where no known service was meant. */
  encodeError(failure: Failure, model: ServiceModel | undefined, requestId: string): WireResponse;
}
