/**
 * The objects that one request removes, each with an entry of its own.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (BATCH.DELETE.OBJECT)
 */
import type { DeleteObjectsOutput, DeleteObjectsRequest } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import type { Logged } from "./entry.ts";

const isRemoval = (input: object): input is Validated<DeleteObjectsRequest> =>
  "Delete" in input && typeof input.Delete === "object";

const hasErrors = (output: object): output is DeleteObjectsOutput => "Errors" in output;

export function removalsOf(logged: Logged): readonly Logged[] {
  const { input, output, errorCode } = logged.answered;
  if (errorCode !== undefined || !isRemoval(input)) return [];
  const errors = hasErrors(output) ? (output.Errors ?? []) : [];
  const codes = new Map(errors.map(({ Key, VersionId, Code }) => [idOf({ Key, VersionId }), Code]));
  return input.Delete.Objects.map(({ Key, VersionId }) => ({
    ...logged,
    operation: "BATCH.DELETE.OBJECT",
    key: Key,
    answered: { ...logged.answered, ...answerOf(codes.get(idOf({ Key, VersionId })), VersionId) },
  }));
}

const idOf = (object: Readonly<Record<"Key" | "VersionId", string | undefined>>): string =>
  JSON.stringify([object.Key, object.VersionId ?? ""]);

const answerOf = (errorCode: string | undefined, versionId: string | undefined) => ({
  target: versionId === undefined ? "" : `?versionId=${versionId}`,
  status: errorCode === undefined ? 204 : 403,
  errorCode,
  bytes: 0,
  output: {},
});
