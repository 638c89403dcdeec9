/** Changes that are meant for one revision of what they change. */
import { revisionMismatch } from "./errors.ts";

interface Revised {
  readonly revisionId: string;
}

/** `undefined`: no one revision is meant, or there is nothing yet. @throws {AwsError} `PreconditionFailedException` */
export function requireRevision(
  is: Revised | undefined,
  meant: string | undefined,
  api: Parameters<typeof revisionMismatch>[0],
): void {
  if (meant !== undefined && meant !== is?.revisionId) throw revisionMismatch(api);
}
