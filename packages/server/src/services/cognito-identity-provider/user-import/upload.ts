/**
 * Where the file of an import job is sent to. On AWS that is a bucket of Cognito's own, by a URL that is good for a
 * quarter of an hour; here the same PUT goes to this server.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html
 */
import { held } from "../../../kernel/bytes.ts";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import type { BlobRef, Context } from "../../../service/context.ts";
import type { Site, SiteAnswer, SiteGate, SiteRequest } from "../../../service/site.ts";
import { importJobs, keyOfImport, type ImportJob } from "./row.ts";

const UPLOADED_WITHIN_MS = 15 * MINUTE_MS;
const PURPOSE = "cognito-idp import";

const PATH = /^\/([\w-]+_[0-9a-zA-Z]+)\/(import-[0-9a-zA-Z-]+)$/;

export const isUpload = ({ path }: { readonly path: string }): boolean => PATH.test(path);

/** Whoever has it may upload, so it is only shown to those who may see the job. */
export function uploadUrl(job: ImportJob, { keys, request }: Pick<Context, "keys" | "request">): string {
  const proof = keys.seal(keyOfImport(job), PURPOSE);
  return `${request.endpoint}/${keyOfImport(job)}?${new URLSearchParams({ upload: proof })}`;
}

/** Nobody's file is taken in who does not show the proof. */
export const admitUpload: SiteGate = async (request, context) => {
  const admitted = await admit(request, context);
  return "answer" in admitted ? admitted.answer : undefined;
};

export const takeUpload: Site = async (request, context) => {
  const { tx, blobs } = context;
  const admitted = await admit(request, context);
  if ("answer" in admitted) return admitted.answer;
  const { job, before } = admitted;
  if (before !== undefined) blobs.drop(before);
  const file = await blobs.write(held(Buffer.from(request.body, "utf8")));
  blobs.keep(file);
  tx.put(importJobs, { ...job, state: { status: "Created", file } });
  return { status: 200, headers: {}, body: "" };
};

type Admission = { readonly answer: SiteAnswer } | { readonly job: ImportJob; readonly before: BlobRef | undefined };

async function admit(
  { path, query }: Pick<SiteRequest, "path" | "query">,
  context: Pick<Context, "tx" | "keys" | "now">,
): Promise<Admission> {
  const { tx, keys } = context;
  const [, poolId = "", id = ""] = PATH.exec(path) ?? [];
  const proof = keys.open(query.get("upload") ?? "", PURPOSE);
  const isProven = proof !== undefined && Buffer.from(proof).toString("utf8") === keyOfImport({ poolId, id });
  const job = isProven ? await tx.get(importJobs, poolId, id) : undefined;
  if (job?.state.status !== "Created") return { answer: refused() };
  if (context.now().getTime() >= job.createdMs + UPLOADED_WITHIN_MS) return { answer: refused("Request has expired") };
  return { job, before: job.state.file };
}

/** As S3 refuses. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const refused = (message = "Access Denied"): SiteAnswer => ({
  status: 403,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`,
});
