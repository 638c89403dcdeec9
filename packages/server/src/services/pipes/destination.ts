/**
 * Requests to API destinations, as enrichments and as targets: one for each event.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetHttpParameters.html
 */
import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { ErrandContext } from "../../service/errand.ts";
import { parameter, textOf } from "./parameter.ts";
import { arnOf, type HttpParameters, type Pipe } from "./pipe-row.ts";

interface Asked {
  readonly arn: string;
  readonly pipe: Pipe;
  readonly parameters: HttpParameters | undefined;
  readonly event: unknown;
  /** The event after the template. */
  readonly input: unknown;
}

/** What the destination answered. @throws {AwsError} */
export async function requested(
  { arn, pipe, parameters, event, input }: Asked,
  context: ErrandContext,
): Promise<string> {
  const [to, role] = [parseArn(arn), parseArn(pipe.roleArn)];
  const { PathParameterValues = [], HeaderParameters = {}, QueryStringParameters = {} } = parameters ?? {};
  if (to === undefined || role === undefined) return "";
  const filled = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).map(([name, text]) => [name, parameter(text, event) ?? ""]));
  const request = {
    pathValues: PathParameterValues.map((text) => parameter(text, event) ?? ""),
    headers: filled(HeaderParameters),
    query: filled(QueryStringParameters),
  };
  const answer = await context.hand({
    to: formatArn(to),
    role: formatArn(role),
    source: { arn: arnOf(pipe), account: pipe.account },
    content: { kind: "message", text: textOf(input), request },
  });
  return answer ?? "";
}
