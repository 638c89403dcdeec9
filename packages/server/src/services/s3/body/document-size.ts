/** How large the document of a setting may be. */
import type { Context } from "../../../service/context.ts";
import { messageTooLong } from "../errors.ts";

/** @throws {AwsError} `MaxMessageLengthExceeded` */
export function requireDocumentSize(bytesMax: number, { request }: Pick<Context, "request">): void {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw messageTooLong(bytesMax);
}
