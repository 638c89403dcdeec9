/**
 * Queries of what lies in an object. AWS has closed them to new customers and documents no refusal; for those who have
 * them they are what they were.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
 */
import type { SelectObjectContentEventStream } from "@aws-sdk/client-s3";
import type { ByteStream } from "../../../kernel/bytes.ts";
import type { ByteRange } from "../../../service/context.ts";
import { piecesOf, readPieces } from "../body/body.ts";
import { requireBucket } from "../bucket/row.ts";
import { openEncryption } from "../encryption/encryption.ts";
import { streaming } from "../kit.ts";
import { askForObject, requireObject } from "../object/object.ts";
import { requireReadable } from "../storage-class/restoration.ts";
import { invalidExpressionType } from "./errors.ts";
import { answers } from "./run.ts";

export const selectObjectContent = streaming("SelectObjectContent", {
  authorize: (input, context) => askForObject("s3:GetObject", input, context),

  async receive(input, context) {
    if (input.ExpressionType !== "SQL") throw invalidExpressionType();
    const bucket = await requireBucket(input, context);
    const object = await requireObject(input, bucket, context);
    requireReadable(object, context);
    const secret = await openEncryption({ ...object, region: bucket.region }, input, context);
    const pieces = await piecesOf(object.body, context);
    const read = (range?: ByteRange): ByteStream => readPieces(context.blobs, pieces, { range, secret });
    return begun(answers(input, { size: object.size, read }, context.now()));
  },

  handle: async (_input, _context, Payload) => ({ Payload }),
});

/** The same events, once the first is there: what is wrong shows by then, most of all, and is answered as an error. */
async function begun(
  events: AsyncGenerator<SelectObjectContentEventStream>,
): Promise<AsyncIterable<SelectObjectContentEventStream>> {
  const first = await events.next();
  return (async function* goOn() {
    if (!first.done) yield first.value;
    yield* events;
  })();
}
