import type { Member, StructureShape } from "./shape.ts";

/** In the order a service prefers them. */
export type ProtocolName =
  | "aws-json-1.0"
  | "aws-json-1.1"
  | "aws-query"
  | "ec2-query"
  | "rest-json"
  | "rest-xml"
  | "rpc-v2-cbor";

/** Where a REST operation lives. */
export interface HttpBinding {
  readonly method: string;
  /** `/{Bucket}/{Key+}?tagging` */
  readonly uri: string;
  /** The status of success. */
  readonly status: number;
}

/** How an operation gives its output in pages. */
export interface Paginator {
  /** The input's member for the token of the page. */
  readonly inputToken: string;
  /** The output's member for the token of the next page; a path with dots where it lies deeper. */
  readonly outputToken: string;
  /** The input's member for how much a page may hold; absent where nobody can say. */
  readonly pageSize: string | undefined;
}

export interface OperationModel {
  readonly name: string;
  readonly service: ServiceModel;
  /** Absent for the protocols without paths. */
  readonly http: HttpBinding | undefined;
  readonly input: StructureShape;
  readonly output: StructureShape;
  /** The errors that the operation lists. */
  readonly errors: readonly StructureShape[];
  /** The input's member whose bytes stream in after the head. */
  readonly streamingInput: Member | undefined;
  readonly streamingOutput: Member | undefined;
  readonly paginator: Paginator | undefined;
}

export interface ServiceModel {
  /** The SDK package's name without `client-`: `sts`, `cloudwatch-logs`. */
  readonly id: string;
  readonly sdkId: string;
  /** The service in a credential scope. */
  readonly signingName: string;
  readonly apiVersion: string;
  /** The shapes' namespace, as JSON errors name them: `com.amazonaws.sqs`. */
  readonly namespace: string;
  /** What `X-Amz-Target` says before the operation. */
  readonly targetPrefix: string | undefined;
  readonly xmlNamespace: string | undefined;
  readonly protocols: readonly ProtocolName[];
  /** Errors also carry the code they had in the Query protocol. */
  readonly queryCompatible: boolean;
  readonly operationNames: readonly string[];
  operation(name: string): OperationModel | undefined;
  /** The error of this name, or of this Query code. */
  error(code: string): StructureShape | undefined;
}
