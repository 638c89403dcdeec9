/** Links to the code of functions and layers: good for a few minutes, for who has them. */
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { SiteRefusal, type Site } from "../../../service/site.ts";
import type { BlobRef, Context } from "../../../service/context.ts";
import type { Target } from "../function/row.ts";
import type { LayerVersion } from "../layer/row.ts";
import { CODE_LINK_MINUTES } from "../limits.ts";

const PURPOSE = "lambda.code-link";

interface Linked {
  readonly blob: BlobRef;
  readonly untilMs: number;
}

export const codeLink = ({ function: { account, name, region }, configuration }: Target, context: Context): string =>
  linkTo(configuration.code.blob, `awslambda-${region}-tasks/snapshots/${account}/${name}`, context);

export const layerLink = ({ account, name, number, region, code }: LayerVersion, context: Context): string =>
  linkTo(code.blob, `awslambda-${region}-layers/snapshots/${account}/${name}-${number}`, context);

function linkTo(blob: BlobRef, path: string, context: Context): string {
  const { request, keys } = context;
  const linked: Linked = { blob, untilMs: context.now().getTime() + CODE_LINK_MINUTES * MINUTE_MS };
  return `${request.endpoint}/${path}?token=${sealText(keys, JSON.stringify(linked), PURPOSE)}`;
}

/** Answers who follows a link. */
export const codeSite: Site = async ({ query }, context) => {
  const { keys, blobs } = context;
  const text = openText(keys, query.get("token") ?? "", PURPOSE);
  const linked: Linked | undefined = text === undefined ? undefined : JSON.parse(text);
  if (linked === undefined || linked.untilMs <= context.now().getTime()) throw new SiteRefusal(EXPIRED);
  return { status: 200, headers: { "content-type": "application/zip" }, body: blobs.read(linked.blob) };
};

const EXPIRED = {
  status: 403,
  headers: { "content-type": "application/xml" },
  body: "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
};
