/** The access point that a call came through, where it named one instead of a bucket. */
import type { Context, RequestFacts } from "../../../service/context.ts";
import { overlaid } from "../overlay.ts";
import type { AccessPoint } from "./row.ts";

/** What is known of a call that came through access points. */
interface PassageFacts extends RequestFacts {
  readonly accessPoint: AccessPoint | undefined;
  /** That by which the source of a copy is named. */
  readonly sourcePoint: AccessPoint | undefined;
}

const isPassage = (facts: RequestFacts): facts is PassageFacts => "accessPoint" in facts;

export const accessPointOf = ({ request }: Pick<Context, "request">): AccessPoint | undefined =>
  isPassage(request) ? request.accessPoint : undefined;

/** The context for questions about the source of a copy: the way to it is another. */
export function contextOfSource(context: Context): Context {
  const { request } = context;
  return isPassage(request) ? contextThrough({ accessPoint: request.sourcePoint }, context) : context;
}

/** The same context, in which the call is known to have come through access points. */
export const contextThrough = (
  { accessPoint, sourcePoint }: Partial<Pick<PassageFacts, "accessPoint" | "sourcePoint">>,
  context: Context,
): Context => overlaid(context, { request: overlaid(context.request, { accessPoint, sourcePoint }) });
